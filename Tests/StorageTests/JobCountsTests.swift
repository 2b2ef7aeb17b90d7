import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

struct JobCountsTests {
    @Test("an empty queue has no counts", arguments: Medium.allCases)
    func empty(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            #expect(try store.jobCounts(at: .noon).isEmpty)
        }
    }

    @Test(
        "jobs are counted as by reading every row", arguments: Medium.allCases,
        1...6 as ClosedRange<UInt64>)
    func naive(_ medium: Medium, seed: UInt64) throws {
        try medium.withStore { (store: Store) throws in
            var random = SplitMix64(seed: seed)
            try fill(store, &random)
            for now in [Timestamp.noon, .noon.after(1), .midnight, .midnight.after(1)] {
                var expected: [String: JobCounts] = [:]
                for row in try store.rows("SELECT endpoint, state, not_before FROM queue") {
                    let parts = row.split(separator: "|")
                    let path = path(String(parts[1]), Int64(parts[2])!, now)
                    expected[String(parts[0]), default: JobCounts()][keyPath: path] += 1
                }
                #expect(try store.jobCounts(at: now) == expected, "seed \(seed)")
            }
        }
    }

    private func path(_ state: String, _ notBefore: Int64, _ now: Timestamp) -> WritableKeyPath<
        JobCounts, Int
    > {
        switch state {
        case "running": \.running
        case "completed": \.completed
        case "discarded": \.discarded
        case "cancelled": \.cancelled
        case _ where notBefore == Store.pausedUntil.milliseconds: \.paused
        case _ where notBefore > now.milliseconds: \.later
        default: \.ready
        }
    }

    private func fill(_ store: Store, _ random: inout SplitMix64) throws {
        let instants: [Timestamp?] = [
            nil, .noon, .noon.after(1), .midnight, Store.pausedUntil, .noon.after(-1),
        ]
        for number in 1...150 {
            let endpoint = random.pick(Endpoint.both)
            let options = EnqueueOptions(
                priority: random.below(10), notBefore: random.pick(instants))
            try store.add([asin(number)], at: endpoint, options)
        }
        _ = try store.cancel(
            JobSelection(products: (1...20).map { _ in asin(random.within(1...150)) }), now: .noon)
        for endpoint in Endpoint.both {
            let answered = try store.call(random.within(1...6), at: endpoint)
            try store.settle(answered, answer(answered.jobs.map(\.product)), at: endpoint)
            for _ in 0..<random.within(1...3) {
                let refused = try store.call(1, at: endpoint)
                try store.settle(refused, .rejected(status: 400, message: "no"), at: endpoint)
            }
            _ = try store.call(random.within(1...6), at: endpoint)
        }
    }
}
