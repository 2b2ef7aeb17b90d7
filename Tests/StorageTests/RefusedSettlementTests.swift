import GRDB
import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// The rejected part of a settlement is dropped alone, with its reason, and the call is settled.
struct RefusedSettlementTests {
    private func settle(
        _ store: Store, _ call: OpenCall, at endpoint: Endpoint = .images,
        _ settlement: @escaping ([Job]) -> Settlement
    ) throws -> [String] {
        var refused: [String] = []
        func note(_ reason: String) { refused.append(reason) }
        _ = try store.settle(
            call.entry.id, at: endpoint, among: endpoint.siblings, now: .noon.after(1_000),
            refused: note
        ) { _, jobs, _ in settlement(jobs) }
        #expect(try store.number("SELECT count(*) FROM ledger WHERE settled_at IS NULL") == 0)
        #expect(try store.number("SELECT count(*) FROM queue WHERE state = 'running'") == 0)
        return refused
    }

    @Test(
        "a body that is not JSON makes a dead letter of its job alone", arguments: Medium.allCases)
    func body(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...3))
            let call = try store.call()
            var refused: [String] = []
            func note(_ reason: String) { refused.append(reason) }
            let items = zip(asins(1...3), ["{}", "{", "[]"]).map {
                ($0, Item(isFound: true, body: $1))
            }
            _ = try store.settle(
                call.entry.id, at: .images, among: Endpoint.both, now: .noon.after(1_000),
                refused: note
            ) {
                Planner.resolve(
                    .succeeded(Answer(items: Dictionary(uniqueKeysWithValues: items))), of: $0,
                    jobs: $1, endpoint: .images, ledger: $2, at: .noon.after(1_000))
            }
            #expect(refused.count == 1)
            let reason =
                medium == .server
                ? "invalid input syntax for type json"
                : "CHECK constraint failed: body IS NULL OR json_valid(body)"
            #expect(
                try store.rows("SELECT product, state, error FROM queue ORDER BY id") == [
                    "\(asin(1))|completed|-",
                    "\(asin(2))|discarded|not_stored: \(reason)",
                    "\(asin(3))|completed|-",
                ])
            #expect(
                try store.rows("SELECT product, body FROM result ORDER BY product")
                    == ["\(asin(1))|{}", "\(asin(3))|[]"])
            #expect(
                try store.rows("SELECT outcome, charged, http_status FROM ledger")
                    == ["succeeded|3|200"])
            #expect(
                try store.rows("SELECT message FROM ledger")[0].hasPrefix("job 2: not_stored: "))
            #expect(
                try store.audit(AccountLimits.always(Endpoint.both), at: .midnight).findings == [])
        }
    }

    @Test(
        "a trigger that rejects every answer makes dead letters, and the call is paid for once",
        .onSQLite)
    func trigger() throws {
        let store = try Store()
        try store.add(asins(1...3))
        try store.execute(
            "CREATE TRIGGER no BEFORE INSERT ON result BEGIN SELECT RAISE(ABORT, 'no results'); END"
        )
        let call = try store.call()
        let refused = try settle(store, call) { jobs in
            Settlement(
                outcome: .succeeded, chargedTokens: 3, changes: jobs.map { .completed($0, nil) })
        }
        #expect(refused.count == 3)
        #expect(
            try store.rows("SELECT DISTINCT state, error FROM queue")
                == ["discarded|not_stored: no results"])
        #expect(try store.rows("SELECT message FROM ledger")[0].hasSuffix("(and 2 more)"))
    }

    @Test("a missing table is not the reply's fault, which waits for the repair")
    func missingTable() throws {
        let store = try Store()
        try store.add([asin(1)])
        let call = try store.call()
        try store.execute("ALTER TABLE result RENAME TO elsewhere")
        #expect(throws: StoreError.self) { try store.settle(call, answer([asin(1)])) }
        #expect(try store.rows("SELECT state FROM queue") == ["running"])
        try store.execute("ALTER TABLE elsewhere RENAME TO result")
        try store.settle(call, answer([asin(1)]))
        #expect(try store.rows("SELECT state FROM queue") == ["completed"])
    }

    @Test(
        "a lookup that cannot follow is dropped, and its job has the reason", .onSQLite,
        arguments: ["'a' || char(0) || 'b'", "CAST(x'4672FC68' AS TEXT)"])
    func followUp(label: String) throws {
        let store = try Store()
        try store.add(
            asins(1...2), at: .barcodes, EnqueueOptions(label: "red", thenLookup: .zero))
        try store.execute(
            "DROP TRIGGER queue_label_text; UPDATE queue SET label = \(label) WHERE id = 1")
        let call = try store.call(at: .barcodes)
        var refused: [String] = []
        func note(_ reason: String) { refused.append(reason) }
        _ = try store.settle(
            call.entry.id, at: .barcodes, among: Endpoint.both, now: .noon.after(1_000),
            refused: note
        ) {
            Planner.resolve(
                barcodes([asin(1): code(1), asin(2): code(2)]), of: $0, jobs: $1,
                endpoint: .barcodes, ledger: $2, at: .noon.after(1_000))
        }
        let reason = "lookup_not_enqueued: queue.label must be valid UTF-8 without NUL"
        #expect(refused == ["job 1: \(reason)"])
        #expect(
            try store.rows("SELECT endpoint, product, state, error FROM queue ORDER BY id") == [
                "barcodes|\(asin(1))|completed|\(reason)", "barcodes|\(asin(2))|completed|-",
                "lookup|\(code(2))|available|-",
            ])
        #expect(
            try store.rows("SELECT outcome, message FROM ledger") == [
                "succeeded|job 1: \(reason)"
            ])
        #expect(try store.number("SELECT count(*) FROM result") == 2)
        #expect(try store.audit(AccountLimits.always(Endpoint.both), at: .midnight).findings == [])
    }

    @Test(
        "a field that the ledger rejects stays empty, and fields that the next calls depend on are kept"
    )
    func ledger() throws {
        for (serverAt, status, message) in [
            (Timestamp(milliseconds: 253_402_300_800_000), 200, "words"), (nil, 42, "words"),
            (nil, 1_000, nil),
        ] as [(Timestamp?, Int, String?)] {
            let store = try Store()
            try store.add([asin(1)])
            let call = try store.call()
            let refused = try settle(store, call) { jobs in
                var settlement = Settlement(
                    outcome: .failed, chargedTokens: 1, httpStatus: status, retryAt: .midnight,
                    fullAt: .midnight, message: message,
                    changes: jobs.map { .available($0, notBefore: nil) })
                settlement.serverAt = serverAt
                return settlement
            }
            #expect(refused.count == 1)
            let midnight = Timestamp.midnight.milliseconds
            #expect(
                try store.rows(
                    "SELECT outcome, charged, retry_at, full_at, http_status, server_at FROM ledger"
                )
                    == ["failed|1|\(midnight)|\(midnight)|-|-"])
            let written = try store.rows("SELECT message FROM ledger")[0]
            #expect(
                written.hasPrefix(
                    TestServer.current == nil ? "CHECK constraint failed: " : "ledger."))
            #expect(written.hasSuffix("words") == (message != nil))
        }
    }

    @Test("messages that are too long, or contain a NUL, are cut and kept")
    func words() throws {
        let store = try Store()
        try store.add(asins(1...2))
        let long = String(repeating: "é", count: 2_000)
        var call = try store.call(1)
        var refused = try settle(store, call) { jobs in
            Settlement(
                outcome: .rejected, chargedTokens: 0, message: long,
                changes: jobs.map { .discarded($0, error: long) })
        }
        #expect(refused == [])
        call = try store.call(1, now: .noon.after(90_000))
        refused = try settle(store, call) { jobs in
            Settlement(
                outcome: .rejected, chargedTokens: 0, message: "a\0b",
                changes: jobs.map { .discarded($0, error: "a\0b") })
        }
        #expect(refused == [])
        let kept = String(repeating: "é", count: 1_000)
        #expect(try store.rows("SELECT error FROM queue ORDER BY id") == [kept, "a\u{FFFD}b"])
        #expect(try store.rows("SELECT message FROM ledger ORDER BY id") == [kept, "a\u{FFFD}b"])
    }
}
