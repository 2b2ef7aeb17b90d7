import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

struct SettleOnceTests {
    @Test(
        "a call is settled once: the second time is reported and changes nothing",
        arguments: Medium.allCases)
    func twice(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...3))
            let call = try store.call()
            #expect(try store.settle(call, answer(asins(1...3))) != nil)
            let before = try store.contents()
            let again = try store.settle(1, at: .images, among: Endpoint.both, now: .midnight) {
                _, _, _ in
                Issue.record("a settled call is not resolved again")
                return Settlement(outcome: .expired, chargedTokens: 9, changes: [])
            }
            #expect(again == nil)
            #expect(try store.contents() == before)
        }
    }

    @Test("a call that does not exist is not settled", arguments: Medium.allCases)
    func unknown(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            let settled = try store.settle(7, at: .images, among: Endpoint.both, now: .noon) {
                _, _, _ in
                Issue.record("there is no call")
                return Settlement(outcome: .expired, chargedTokens: 9, changes: [])
            }
            #expect(settled == nil)
            #expect(try store.contents() == [])
        }
    }

    @Test("of two programs that settle a call the first one succeeds")
    func race() throws {
        try TemporaryFolder.with { folder in
            let first = try Store(path: folder.database, access: .create)
            let second = try Store(path: folder.database, access: .write)
            try first.add([asin(1)])
            let call = try first.call()
            #expect(try second.settle(call, .expired) != nil)
            #expect(try first.settle(call, answer([asin(1)])) == nil)
            #expect(try first.rows("SELECT outcome FROM ledger") == ["expired"])
            #expect(try first.rows("SELECT state FROM queue") == ["available"])
        }
    }

    @Test(
        "A paid reply that comes after its call was given up has its results stored, once",
        arguments: Medium.allCases)
    func late(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...2))
            let call = try store.call()
            let id = call.entry.id
            let items = [
                asin(1): Item(isFound: true, body: "{}"), asin(9): Item(isFound: true, body: "{}"),
            ]
            func storeLate() throws -> Int {
                try store.storeLate(items, ofCall: id, at: .images, now: .noon.after(9_000))
            }
            #expect(try storeLate() == 0, "the call is open")
            try store.settle(call, .expired)
            let ledger = try store.rows("SELECT * FROM ledger")
            #expect(try storeLate() == 1, "the other product was not asked for")
            #expect(try store.rows("SELECT product, call_id FROM result") == ["\(asin(1))|\(id)"])
            #expect(try store.rows("SELECT * FROM ledger") == ledger)
            #expect(try store.rows("SELECT DISTINCT state FROM queue") == ["available"])
            #expect(
                try store.audit(AccountLimits.always(Endpoint.both), at: .midnight).findings == [])
            // A later call's result stays.
            let again = try store.call(now: .noon.after(120_000))
            try store.settle(again, answer(asins(1...2)), now: .noon.after(121_000))
            #expect(try storeLate() == 0)
        }
    }

    @Test("a settled row rejects another settlement from SQL too", arguments: Medium.allCases)
    func trigger(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.complete(asin(1))
            for change in [
                "outcome = 'failed'", "charged = 0", "settled_at = settled_at + 1",
                "settled_at = NULL, outcome = NULL, charged = NULL", "http_status = 500",
                "message = 'x'", "retry_at = 5", "reserved = 2", "products = '[1]'",
            ] {
                #expect(throws: (any Error).self, "\(change)") {
                    try store.execute("UPDATE ledger SET \(change)")
                }
            }
        }
    }

    @Test(
        "jobs that another program replaced during their call are skipped", .onSQLite,
        arguments: Medium.allCases)
    func replaced(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...3))
            let call = try store.call()
            try store.execute(
                "INSERT OR REPLACE INTO queue (endpoint, product) VALUES ('images', '\(asin(2))')")
            let settlement = try store.settle(call, answer(asins(1...3)))
            #expect(settlement?.changes.map(\.job.id) == [1, 3])
            #expect(
                try store.rows("SELECT id, product, state FROM queue") == [
                    "1|\(asin(1))|completed", "3|\(asin(3))|completed", "4|\(asin(2))|available",
                ])
            #expect(try store.rows("SELECT charged FROM ledger") == ["3"])
        }
    }

    @Test(
        "a call whose jobs were all replaced is settled all the same", .onSQLite,
        arguments: Medium.allCases, CallOutcome.every.indices)
    func allReplaced(_ medium: Medium, index: Int) throws {
        try medium.withStore { (store: Store) throws in
            try store.add([asin(1)])
            let call = try store.call()
            try store.execute(
                "INSERT OR REPLACE INTO queue (endpoint, product) VALUES ('images', '\(asin(1))')")
            #expect(try store.settle(call, CallOutcome.every[index])?.changes == [])
            #expect(try store.openCalls(at: Endpoint.both).isEmpty)
            #expect(try store.rows("SELECT state FROM queue") == ["available"])
        }
    }
}

extension CallOutcome {
    /// One of each kind, with and without optional parts.
    static let every: [CallOutcome] = [
        answer([asin(1)], left: 5, resetsIn: .seconds(9)), answer([]),
        .rateLimited(.minute, hint: .seconds(3), message: "m"),
        .rateLimited(.minute, hint: nil, message: "m"),
        .rateLimited(.day, hint: .seconds(900), message: "d"),
        .rateLimited(.day, hint: nil, message: "d"), .rejected(status: 400, message: "r"),
        .unauthorized(status: 401, message: "u"), .failed(status: 503, message: "f"),
        .failed(status: nil, message: "timeout"), .expired,
    ]
}
