import Planning
import Storage
import StoreSupport
import Synchronization
import TestSupport
import Testing

/// A database that may not grow, as on a full disk.
@Suite(.onSQLite)
struct FullDiskTests {
    private let unlimited = "PRAGMA max_page_count = 1073741823"

    /// Fills every page of the database with results that the test does not use.
    private func fill(_ store: Store) throws {
        let pages = try store.number("PRAGMA page_count")
        try store.execute("PRAGMA max_page_count = \(pages)")
        var number = 0
        var length = 3_000
        while length > 0 {
            number += 1
            do {
                try store.execute(
                    """
                    INSERT INTO result (endpoint, product, found, body, fetched_at, call_id) VALUES
                        ('barcodes', 'filler\(number)', 1, '"' || hex(zeroblob(\(length))) || '"', 0, 0)
                    """)
            } catch {
                length /= 2
            }
        }
    }

    @Test("a claim without space leaves nothing half done", arguments: Medium.allCases)
    func claim(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...100))
            // Another endpoint's call fills the ledger's only page.
            try store.execute(
                """
                INSERT INTO ledger (account, endpoint, products, reserved, started_at, lease_until)
                VALUES ('upcitemdb', 'lookup', json_array(hex(zeroblob(1900))), 1, 0, 1)
                """)
            try fill(store)
            let before = try store.contents()
            #expect(throws: StoreError.full(path: store.path)) { try store.call() }
            #expect(try store.contents() == before)
            try store.execute(unlimited)
            #expect(try store.call().jobs.count == 100)
        }
    }

    @Test("a settlement without space leaves nothing half done", arguments: Medium.allCases)
    func settle(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...100))
            let call = try store.call()
            let body = #"{"title":"\#(String(repeating: "long ", count: 400))"}"#
            let items = asins(1...100).map { ($0, Item(isFound: true, body: body)) }
            let outcome = CallOutcome.succeeded(
                Answer(items: Dictionary(uniqueKeysWithValues: items)))
            try fill(store)
            let before = try store.contents()
            for _ in 1...2 {
                #expect(throws: StoreError.full(path: store.path)) {
                    try store.settle(call, outcome)
                }
                #expect(try store.contents() == before)
            }
            #expect(try store.openCalls(at: Endpoint.both) == [call.entry])
            try store.execute(unlimited)
            #expect(try store.settle(call, outcome)?.changes.count == 100)
            #expect(
                try store.number("SELECT count(*) FROM result WHERE endpoint = 'images'") == 100)
        }
    }

    @Test("no lane of the account calls before a refusal is written that found no space")
    func refusal() throws {
        let isFull = Mutex(false)
        let store = try Store(beforeCommit: {
            if isFull.withLock(\.self) { throw StoreError.full(path: "full") }
        })
        try store.add(asins(1...100), at: .barcodes)
        try store.add(asins(1...100))
        try store.add(["0012345678905"], at: .lookup)
        let refused = try store.call(10, at: .barcodes)
        let refusal = CallOutcome.rateLimited(.day, hint: .seconds(20_000), message: "no")
        isFull.withLock { $0 = true }
        #expect(throws: StoreError.full(path: "full")) {
            try store.settle(refused, refusal, at: .barcodes)
        }
        isFull.withLock { $0 = false }

        /// Another lane, minutes later.
        func claim(_ endpoint: Endpoint, slot: Int = 0) throws -> Decision<OpenCall> {
            let now = Timestamp.noon.after(600_000)
            return try store.claim(endpoint, slot: slot, among: endpoint.siblings, at: now) {
                Planner.decide($0, at: now)
            }
        }
        #expect(try claim(.barcodes, slot: 1) == .hold(.calling, until: nil))
        #expect(try claim(.images) == .hold(.calling, until: nil))
        guard case .call = try claim(.lookup) else {
            Issue.record("another account waits")
            return
        }
        try store.settle(refused, refusal, at: .barcodes)
        let until = Timestamp.noon.after(20_001_000)
        #expect(try claim(.barcodes, slot: 1) == .hold(.rateLimited, until: until))
        #expect(try claim(.images) == .hold(.dailyPool, until: until))
    }

    @Test("an enqueue without space adds no job", arguments: Medium.allCases)
    func enqueue(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try fill(store)
            let before = try store.contents()
            #expect(throws: StoreError.full(path: store.path)) { try store.add(asins(1...500)) }
            #expect(try store.contents() == before)
            try store.execute(unlimited)
            try store.add(asins(1...500))
        }
    }
}
