import GRDB
import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

struct PruneTests {
    /// Both kinds of finished jobs.
    private let all = Retention(jobs: .zero, deadLetters: .zero)

    /// The jobs that were deleted of those that had finished `seconds` after noon, or earlier.
    private func prune(_ store: Store, _ retention: Retention, at seconds: Int) throws -> Pruned {
        try store.prune(retention, now: .noon.after(seconds * 1_000))
    }

    /// Prunes all of it, transaction by transaction.
    private func pruneLedger(
        _ store: Store, startedBefore limit: Timestamp, rowsMax: Int = 1_000
    ) throws -> (deleted: Int, transactions: Int) {
        var deleted = 0
        var transactions = 0
        while true {
            let some = try store.prune(
                Retention(ledger: .zero), now: limit, rowsMax: rowsMax)
            #expect(some.rows == some.ledgerEntries && some.rows <= rowsMax)
            if some.rows == 0 { return (deleted, transactions) }
            deleted += some.rows
            transactions += 1
        }
    }

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
            #expect(try prune(store, Retention(), at: 1_000).rows == 0)
            #expect(try prune(store, Retention(jobs: .seconds(60)), at: 60).rows == 0)
            #expect(
                try store.prune(
                    Retention(jobs: .seconds(60), deadLetters: .seconds(90)),
                    now: .noon.after(60_001)) == pruned(jobs: 2))
            #expect(
                try prune(store, Retention(deadLetters: .zero), at: 1) == pruned(deadLetters: 1))
            #expect(try prune(store, all, at: 90) == pruned(jobs: 1, deadLetters: 1))
            #expect(
                try store.rows("SELECT product, state FROM queue ORDER BY id")
                    == ["\(asin(4))|running", "\(asin(5))|available"])
            #expect(try store.number("SELECT count(*) FROM result") == 1)
        }
    }

    private func pruned(jobs: Int = 0, deadLetters: Int = 0) -> Pruned {
        var pruned = Pruned()
        pruned.jobs = jobs
        pruned.deadLetters = deadLetters
        return pruned
    }

    @Test("a transaction is bounded; the next one deletes the rest")
    func bounded() throws {
        let store = try Store()
        try store.add(asins(1...250))
        _ = try store.cancel(JobSelection(endpoint: "images"), now: .noon)
        try store.complete(asin(900), now: .noon, .rejected(status: 400, message: "no"))
        try turns(store, 300, [.barcodes], from: 1_000)
        try store.add([asin(1)])
        let retention = Retention(jobs: .zero, deadLetters: .zero, ledger: .zero)
        var found: [[Int]] = []
        while true {
            let some = try store.prune(retention, now: .midnight, rowsMax: 100)
            if some.rows == 0 { break }
            found.append([some.jobs, some.deadLetters, some.ledgerEntries])
        }
        #expect(
            found == [[100, 0, 0], [100, 0, 0], [50, 1, 49], [0, 0, 100], [0, 0, 51]])
        #expect(try store.rows("SELECT state FROM queue") == ["available"])
    }

    @Test(
        "rows that the inbox rejected are pruned by their age, the first ones first",
        arguments: Medium.allCases)
    func rejected(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.execute("INSERT INTO inbox (endpoint, product) VALUES ('images', 'no')")
            try store.execute(
                """
                WITH RECURSIVE more (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < 249)
                INSERT INTO rejected (endpoint, product, reason) SELECT 'images', 'no', 'x' FROM more;
                UPDATE rejected SET at = \(Timestamp.noon.milliseconds) + id * 1000;
                UPDATE rejected SET at = \(Timestamp.midnight.milliseconds) WHERE id = 7
                """)
            let retention = Retention(rejected: .seconds(50))
            let now = Timestamp.noon.after(250_000)
            #expect(try store.prune(Retention(), now: now).rows == 0)
            var prunable = Pruned()
            prunable.rejectedRows = 198
            #expect(try store.prunable(retention, now: now) == prunable)
            var found: [Int] = []
            while true {
                let some = try store.prune(retention, now: now, rowsMax: 100)
                if some.rows == 0 { break }
                #expect(some.rows == some.rejectedRows)
                found.append(some.rejectedRows)
                #expect(try store.number("SELECT min(id) FROM rejected") == 7)
            }
            #expect(found == [100, 98])
            #expect(
                try store.rows("SELECT count(*), min(id), max(id) FROM rejected")
                    == ["52|7|250"])
        }
    }

    /// Ledger rows in which `endpoints` take turns, a second apart.
    private func turns(
        _ store: Store, _ count: Int, _ endpoints: [Endpoint], from first: Int = 1
    ) throws {
        try store.write { db in
            for id in first..<first + count {
                let start = Timestamp.noon.after((id - first + 1) * 1_000)
                try db.insert(
                    LedgerEntry(
                        id: Int64(id), account: "asinscope",
                        endpoint: endpoints[id % endpoints.count].name, reserved: 1,
                        startedAt: start, leaseUntil: start.after(60_000),
                        settledAt: start.after(500), outcome: .succeeded, charged: 1))
            }
        }
    }

    @Test("the ledger is pruned from its old end", arguments: Medium.allCases)
    func ledger(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try turns(store, 250, [.images])
            #expect(try pruneLedger(store, startedBefore: .noon.after(31_000)).deleted == 30)
            #expect(try store.rows("SELECT min(id), count(*) FROM ledger") == ["31|220"])
            #expect(try pruneLedger(store, startedBefore: .noon.after(31_000)).deleted == 0)
        }
    }

    @Test(
        "each endpoint keeps its last hundred calls, whichever endpoints took turns with it",
        arguments: Medium.allCases, 1...3)
    func lastHundred(_ medium: Medium, others: Int) throws {
        try medium.withStore { (store: Store) throws in
            let endpoints = [Endpoint.images] + Array(repeating: .barcodes, count: others)
            try turns(store, 600, endpoints)
            _ = try pruneLedger(store, startedBefore: .midnight)
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
                            id: id, account: "asinscope", endpoint: "images", reserved: 1,
                            startedAt: .noon,
                            leaseUntil: .midnight, settledAt: .noon, outcome: .succeeded,
                            charged: 1))
                }
            }
            #expect(try pruneLedger(store, startedBefore: .midnight).deleted > 150)
            #expect(try store.openCalls(at: Endpoint.both) == [call.entry])
        }
    }

    /// So its cost is the transaction's maximum, however long the ledger is.
    @Test("a transaction reads each endpoint's first entries alone")
    func firstEntries() throws {
        let store = try Store()
        try turns(store, 400, Endpoint.both)
        try store.execute(
            """
            DROP TRIGGER ledger_identity;
            UPDATE ledger SET started_at = started_at + 3600000, lease_until = lease_until + 3600000
            WHERE id <= 40
            """
        )
        let limit = Timestamp.noon.after(3_000_000)
        #expect(try store.prune(Retention(ledger: .zero), now: limit, rowsMax: 20).rows == 0)
        #expect(try pruneLedger(store, startedBefore: limit, rowsMax: 21).deleted > 100)
    }
}
