import Planning
import Testing

@testable import Storage

/// Enqueueing that is only rehearsed comes to what it would come to, and writes nothing.
struct RehearsalTests {
    @Test(
        "a rehearsal counts as the real thing does", arguments: Medium.allCases,
        1...5 as ClosedRange<UInt64>)
    func same(_ medium: Medium, seed: UInt64) throws {
        try medium.withStore { (store: Store) throws in
            var random = SplitMix64(seed: seed)
            for number in 1...20 { try store.complete(asin(number), now: .noon.after(number)) }
            try store.add(asins(15...40), at: .images)
            try store.add(asins(30...50), at: .barcodes)
            _ = try store.cancel(JobSelection(products: asins(16...22)), now: .noon)
            let options = EnqueueOptions(
                priority: 3, freshSince: random.once(in: 2) ? .noon.after(10) : nil)
            // Three batches, with doubles within them and between them.
            let batches = (1...3).map { _ in (1...30).map { _ in asin(random.within(1...60)) } }
            let before = try store.contents()
            var rehearsed: [Enqueued] = []
            for batch in batches {
                for endpoint in ["images", "barcodes"] {
                    rehearsed.append(
                        try store.rehearse(batch, at: endpoint, options, now: .midnight))
                }
            }
            #expect(try store.contents() == before, "seed \(seed)")
            var real: [Enqueued] = []
            for batch in batches {
                for endpoint in ["images", "barcodes"] {
                    real.append(try store.enqueue(batch, at: endpoint, options, now: .midnight))
                }
            }
            #expect(rehearsed == real, "seed \(seed)")
            #expect(real.contains { $0.added > 0 && $0.alreadyOpen > 0 })
        }
    }

    @Test("a rehearsal needs no more than to read")
    func readOnly() throws {
        try TemporaryFolder.with { folder in
            try Store(path: folder.database, access: .create).add(asins(1...3))
            let store = try Store(path: folder.database, access: .read)
            let before = try folder.contents()
            let enqueued = try store.rehearse(
                asins(2...9), at: "images", EnqueueOptions(), now: .noon)
            #expect(enqueued == Enqueued(added: 6, alreadyOpen: 2))
            #expect(try folder.contents() == before)
            #expect(try store.jobCounts(at: .noon)["images"]?.ready == 3)
        }
    }
}
