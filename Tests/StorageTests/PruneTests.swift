import GRDB
import Planning
import Testing

@testable import Storage

struct PruneTests {
    @Test(
        "jobs are pruned by state and by when they finished; open ones never",
        arguments: Medium.allCases)
    func jobs(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            for (number, outcome) in [answer([asin(1)]), .rejected(status: 400, message: "no")]
                .enumerated()
            {
                for seconds in [0, 60] {
                    try store.complete(asin(number + 1), now: .noon.after(seconds * 1_000), outcome)
                }
            }
            try store.add([asin(3)])
            _ = try store.cancel(JobSelection(products: [asin(3)]), now: .noon)
            try store.add(asins(4...5))
            _ = try store.call(1, now: .noon.after(90_000))
            let open = ["available", "running"]
            #expect(try store.pruneJobs(open, finishedBefore: .midnight) == 0)
            #expect(try store.pruneJobs([], finishedBefore: .midnight) == 0)
            #expect(try store.pruneJobs(["completed"], finishedBefore: .noon) == 0)
            #expect(try store.pruneJobs(["completed"], finishedBefore: .noon.after(1)) == 1)
            #expect(
                try store.pruneJobs(
                    ["discarded", "cancelled"], finishedBefore: .noon.after(60_000)) == 2)
            let all = ["completed", "discarded", "cancelled"]
            #expect(try store.pruneJobs(all, finishedBefore: .midnight) == 2)
            #expect(
                try store.rows("SELECT product, state FROM queue ORDER BY id")
                    == ["\(asin(4))|running", "\(asin(5))|available"])
            #expect(try store.number("SELECT count(*) FROM result") == 1)
        }
    }

    @Test("pruning more than one transaction's worth prunes all of it")
    func manyJobs() throws {
        let store = try Store()
        for batch in 0..<4 {
            try store.add(asins(batch * 3_000 + 1...batch * 3_000 + 3_000))
        }
        _ = try store.cancel(JobSelection(endpoint: "images"), now: .noon)
        try store.add([asin(1)])
        #expect(try store.pruneJobs(["cancelled"], finishedBefore: .midnight) == 12_000)
        #expect(try store.rows("SELECT state FROM queue") == ["available"])
    }

    /// Ledger rows in which `endpoints` take turns, a second apart.
    private func turns(_ store: Store, _ count: Int, _ endpoints: [Endpoint]) throws {
        try store.write { db in
            for id in 1...count {
                let start = Timestamp.noon.after(id * 1_000)
                try db.insert(
                    LedgerEntry(
                        id: Int64(id), endpoint: endpoints[id % endpoints.count].name, reserved: 1,
                        startedAt: start, leaseUntil: start.after(60_000),
                        settledAt: start.after(500), outcome: .succeeded, charged: 1))
            }
        }
    }

    @Test("the ledger is pruned from its old end", arguments: Medium.allCases)
    func ledger(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try turns(store, 250, [.images])
            #expect(try store.pruneLedger(startedBefore: .noon.after(31_000)) == 30)
            #expect(try store.rows("SELECT min(id), count(*) FROM ledger") == ["31|220"])
            #expect(try store.pruneLedger(startedBefore: .noon.after(31_000)) == 0)
        }
    }

    @Test(
        "each endpoint keeps its last hundred calls, whoever took turns with it",
        arguments: Medium.allCases, 1...3)
    func lastHundred(_ medium: Medium, others: Int) throws {
        try medium.withStore { (store: Store) throws in
            let endpoints = [Endpoint.images] + Array(repeating: .barcodes, count: others)
            try turns(store, 600, endpoints)
            _ = try store.pruneLedger(startedBefore: .midnight)
            for endpoint in Endpoint.both {
                let kept = try store.number(
                    "SELECT count(*) FROM ledger WHERE endpoint = '\(endpoint.name)'")
                #expect((100...101).contains(kept), "\(endpoint.name)")
            }
        }
    }

    @Test("an open call is kept, however old", arguments: Medium.allCases)
    func openCall(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add([asin(1)], at: .barcodes)
            let call = try store.call(at: .barcodes, now: Timestamp(milliseconds: 0))
            try store.write { db in
                for id in 2...300 as ClosedRange<Int64> {
                    try db.insert(
                        LedgerEntry(
                            id: id, endpoint: "images", reserved: 1, startedAt: .noon,
                            leaseUntil: .midnight, settledAt: .noon, outcome: .succeeded,
                            charged: 1))
                }
            }
            #expect(try store.pruneLedger(startedBefore: .midnight) > 150)
            #expect(try store.openCalls(at: Endpoint.both) == [call.entry])
        }
    }

    @Test("a long ledger is pruned in a time that grows with its length, not its square")
    func longLedger() throws {
        var durations: [Duration] = []
        for count in [1_000, 8_000] {
            let store = try Store()
            try turns(store, count, Endpoint.both)
            let limit = Timestamp.noon.after(1_000 * (count - 300))
            var deleted = 0
            durations.append(
                try ContinuousClock().measure {
                    deleted = try store.pruneLedger(startedBefore: limit)
                })
            #expect(deleted > count - 500)
        }
        // Eight times as many: thrice that is allowed for noise, the square would be 64.
        #expect(durations[1] < durations[0] * 24 + .milliseconds(50), "\(durations)")
    }
}
