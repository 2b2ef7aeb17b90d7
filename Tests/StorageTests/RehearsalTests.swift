import Planning
import Providers
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// A rehearsed enqueue gives the same counts, and writes nothing.
struct RehearsalTests {
    @Test(
        "a rehearsal counts as the real enqueue does", arguments: Medium.allCases,
        1...5 as ClosedRange<UInt64>)
    func same(_ medium: Medium, seed: UInt64) throws {
        try medium.withStore { (store: Store) throws in
            var random = SplitMix64(seed: seed)
            for number in 1...20 { try store.complete(asin(number), now: .noon.after(number)) }
            try store.add(
                asins(15...40), at: .images, EnqueueOptions(label: "red", notBefore: .midnight))
            try store.add(asins(30...50), at: .barcodes)
            _ = try store.cancel(JobSelection(products: asins(16...22)), now: .noon)
            let options = EnqueueOptions(
                priority: 3, label: random.pick([nil, "red", "blue"]),
                freshSince: random.once(in: 2) ? .noon.after(10) : nil)
            // Three batches, with duplicates within them and between them.
            let batches = (1...3).map { _ in (1...30).map { _ in asin(random.within(1...60)) } }
            let before = try store.contents()
            let rehearsal = try Rehearsal(store)
            var rehearsed: [Enqueued] = []
            for batch in batches {
                for endpoint in ["images", "barcodes"] {
                    rehearsed.append(
                        try rehearsal.enqueue(
                            batch, at: endpoint, options, now: .midnight,
                            followUp: barcodeLead))
                }
            }
            #expect(try store.contents() == before, "seed \(seed)")
            var real: [Enqueued] = []
            for batch in batches {
                for endpoint in ["images", "barcodes"] {
                    real.append(
                        try store.enqueue(
                            batch, at: endpoint, options, now: .midnight,
                            followUp: barcodeLead))
                }
            }
            #expect(rehearsed == real, "seed \(seed)")
            #expect(real.contains { $0.added > 0 && $0.alreadyOpen > 0 && $0.raised > 0 })
        }
    }

    @Test(
        "a rehearsal counts pages, and lookups that follow, in the same way",
        arguments: Medium.allCases,
        1...5 as ClosedRange<UInt64>)
    func sameWithLookUps(_ medium: Medium, seed: UInt64) throws {
        try medium.withStore { (store: Store) throws in
            var random = SplitMix64(seed: seed)
            for number in 1...30 {
                let leadsTo = random.once(in: 4) ? nil : code(random.within(1...15))
                try store.complete(
                    asin(number), at: .barcodes, barcodes([asin(number): leadsTo]))
            }
            for number in 1...5 {
                try store.complete(code(number), at: .lookup, answer([code(number)]))
            }
            try store.add([code(6), code(7)], at: .lookup)
            try store.add(asins(31...40), at: .barcodes)
            try store.add(["query 1", "query 2"], at: .search, EnqueueOptions(pages: 1))
            let options = EnqueueOptions(
                freshSince: .noon, pages: 3, thenLookup: random.pick([.zero, .seconds(60), .day]))
            let steps = (1...6).map { _ -> (String, [String]) in
                switch random.below(4) {
                case 0: ("lookup", (1...9).map { _ in code(random.within(1...20)) })
                case 1: ("search", (1...9).map { _ in "query \(random.below(5))" })
                default: ("barcodes", (1...30).map { _ in asin(random.within(1...50)) })
                }
            }
            let before = try store.contents()
            let now = Timestamp.noon.after(61_000)
            let rehearsal = try Rehearsal(store)
            let rehearsed = try steps.map { endpoint, products in
                try rehearsal.enqueue(
                    products, at: endpoint, options, now: now, followUp: barcodeLead)
            }
            #expect(try store.contents() == before, "seed \(seed)")
            let real = try steps.map { endpoint, products in
                try store.enqueue(
                    products, at: endpoint, options, now: now, followUp: barcodeLead)
            }
            #expect(rehearsed == real, "seed \(seed)")
            #expect(real.contains { $0.lookupsAdded > 0 })
            #expect(real.contains { $0.widened > 0 })
        }
    }

    @Test("a rehearsal needs only read access")
    func readOnly() throws {
        try TemporaryFolder.with { folder in
            try Store(path: folder.database, access: .create).add(asins(1...3))
            let store = try Store(path: folder.database, access: .read)
            let before = try folder.contents()
            let enqueued = try Rehearsal(store).enqueue(
                asins(2...9), at: "images", EnqueueOptions(), now: .noon)
            #expect(enqueued == Enqueued(added: 6, alreadyOpen: 2))
            #expect(try folder.contents() == before)
            #expect(try store.jobCounts(at: .noon)["images"]?.ready == 3)
        }
    }

    @Test(
        "on a server, no command needs a table of the connection: a pooler may give each transaction another one",
        .onServer)
    func noTemporaryTable() throws {
        let store = try Store()
        try store.add(asins(1...30))
        let rehearsed = try Rehearsal(store).enqueue(
            asins(20...40), at: "images", EnqueueOptions(priority: 1), now: .noon)
        #expect(rehearsed == Enqueued(added: 10, alreadyOpen: 11, raised: 11))
        #expect(try store.pause(JobSelection(products: asins(1...10))) == 10)
        #expect(try store.resume(JobSelection(endpoint: "images")) == 10)
        #expect(try store.cancel(JobSelection(products: asins(5...6)), now: .noon) == 2)
        let temporary = try store.read {
            try Int.fetchOne(
                $0, sql: "SELECT count(*) FROM pg_class WHERE relpersistence = 't'")
        }
        #expect(temporary == 0)
    }
}
