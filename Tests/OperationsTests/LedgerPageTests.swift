import Operations
import Planning
import Storage
import TestSupport
import Testing

@Suite("A list of calls") struct LedgerPageTests {
    private func walk(
        _ database: TestDatabase, _ filter: LedgerFilter, limit: Int,
        between: () throws -> Void = {}
    ) throws -> [CallRecord] {
        var calls: [CallRecord] = []
        var cursor: String?
        repeat {
            if cursor != nil { try between() }
            let page = try LedgerPage.read(database.store, filter, limit: limit, cursor: cursor)
            calls += page.items
            cursor = page.next
        } while cursor != nil
        return calls
    }

    private func filled() async throws -> TestDatabase {
        let database = try await TestDatabase()
        for number in 1...10 {
            try database.complete(asin(number), now: .noon.after(number * 5_000))
            try database.complete(asin(number), at: "barcodes", now: .noon.after(number * 5_000))
        }
        return database
    }

    @Test("has every call once, the latest first, while calls are added")
    func order() async throws {
        let database = try await filled()
        for filter in [
            LedgerFilter(), LedgerFilter(endpoint: "images"), LedgerFilter(account: "asinscope"),
            LedgerFilter(outcome: "succeeded"),
        ] {
            let known = try database.number("SELECT max(id) FROM ledger")
            var more = known * 100
            let ids = try walk(database, filter, limit: 3) {
                more += 1
                try database.complete(asin(more), now: .noon.after(900_000))
            }.map(\.id)
            #expect(ids == ids.sorted(by: >))
            #expect(Set(ids).count == ids.count && ids.count >= 10)
        }
    }

    @Test("has the calls that match all parts of the filter")
    func filtered() async throws {
        let database = try await filled()
        func count(_ filter: LedgerFilter) throws -> Int {
            try walk(database, filter, limit: 4).count
        }
        #expect(try count(LedgerFilter(product: asin(3))) == 2)
        #expect(try count(LedgerFilter(endpoint: "images", product: asin(3))) == 1)
        #expect(try count(LedgerFilter(account: "upcitemdb")) == 0)
        #expect(try count(LedgerFilter(outcome: "failed")) == 0)
        #expect(try count(LedgerFilter(since: .noon.after(30_000))) == 10)
        #expect(try count(LedgerFilter(since: .latest)) == 0)
        for product in ["", "\u{0}", "\u{FFFD}", "\"", "%", "B00"] {
            #expect(try count(LedgerFilter(product: product)) == 0, "\(product)")
        }
        try database.add([asin(90)])
        _ = try database.call(now: .noon.after(99_000))
        #expect(try count(LedgerFilter(outcome: "open")) == 1)
        // A list by time ends there instead of reading older calls.
        #expect(try count(LedgerFilter(since: .noon.after(86_400_000 * 2))) == 0)
    }

    @Test("finds a product that JSON spells with escapes")
    func escaped() async throws {
        let database = try await TestDatabase()
        let query = #"lego "star" \ wars/ä"#
        try database.complete(query, at: "search", answer([query], body: "[]"))
        #expect(try walk(database, LedgerFilter(product: query), limit: 4).count == 1)
    }

    @Test("refuses names and cursors that do not exist")
    func refused() async throws {
        let database = try await filled()
        for filter in [
            LedgerFilter(endpoint: "nowhere"), LedgerFilter(account: "ghost"),
            LedgerFilter(outcome: "lost"),
        ] {
            _ = try badRequest {
                _ = try LedgerPage.read(database.store, filter, limit: 1, cursor: nil)
            }
        }
        for cursor in ["j_0_1", "c_0_x", "7"] {
            _ = try badRequest {
                _ = try LedgerPage.read(
                    database.store, LedgerFilter(), limit: 1, cursor: cursor)
            }
        }
    }
}

@Suite("A call's report") struct CallReportTests {
    private func report(_ database: TestDatabase, _ id: Int64) throws -> CallReport {
        try #require(
            try CallReport.read(
                database.settings, database.store, id: id, at: .noon.after(600_000)))
    }

    @Test("is absent for a call that does not exist")
    func unknown() async throws {
        let database = try await TestDatabase()
        for id in [0, 1, -1, Int64.max] {
            #expect(
                try CallReport.read(database.settings, database.store, id: id, at: .noon) == nil)
        }
    }

    @Test("explains a refusal: what was available, what the server said, and the audit's verdict")
    func refusal() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...30))
        let first = try database.call(20)
        try database.settle(first, answer(first.jobs.map(\.product), left: 9_000))
        let second = try database.call(10, now: .noon.after(2_000))
        try database.settle(
            second, .rateLimited(.minute, hint: .seconds(7), message: "too fast"),
            now: .noon.after(2_100))
        let report = try report(database, second.entry.id)
        let remarks = report.explanation
        #expect(
            remarks.map(\.code) == [
                "token_bucket", "daily_pool", "reply", "retry_at", "audit_refused",
            ])
        // 120, less the 20 of the first call, and at most one refilled.
        #expect(
            remarks[0].text.contains("had 100 of 120") || remarks[0].text.contains("had 101 of 120")
        )
        #expect(remarks[1].text.contains("9,000 of 150,000"))
        #expect(remarks[2].text.contains("429") && remarks[2].text.contains("too fast"))
        #expect(remarks[4].text.contains("refused within the limits"))
    }

    @Test("has the audit's verdict, whichever calls other accounts made in between")
    func verdict() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...200))
        let first = try database.call(100)
        try database.settle(first, answer(first.jobs.map(\.product)))
        let code = "4006381333931"
        try database.complete(code, at: "lookup", now: .noon.after(1_500))
        let second = try database.call(100, now: .noon.after(2_000))
        try database.settle(
            second, answer(second.jobs.map(\.product)), now: .noon.after(3_000))
        #expect(try report(database, first.entry.id).explanation.last?.code == "audit")
        #expect(
            try report(database, second.entry.id).explanation.contains {
                $0.code == "audit_over_bucket"
            })
    }

    @Test("has the jobs of the call, running, finished and put back")
    func jobs() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...3))
        let call = try database.call(3)
        #expect(try report(database, call.entry.id).jobs == call.jobs.map(\.id))
        #expect(
            try report(database, call.entry.id).explanation.contains {
                $0.text.contains("in progress")
            })
        try database.settle(call, .failed(status: 500, message: "oops"))
        #expect(try report(database, call.entry.id).jobs == call.jobs.map(\.id))
        let again = try database.call(1, now: .noon.after(60_000))
        try database.settle(again, answer(again.jobs.map(\.product)), now: .noon.after(61_000))
        #expect(try report(database, again.entry.id).jobs == again.jobs.map(\.id))
        #expect(try report(database, call.entry.id).jobs == Array(call.jobs.map(\.id).dropFirst()))
        let object = try json(report(database, again.entry.id))
        #expect(object["outcome"] as? String == "succeeded")
        #expect((object["jobs"] as? [Int])?.count == 1)
    }

    @Test("calculates levels as they were, whatever has happened since")
    func past() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...120))
        let call = try database.call(50)
        let before = try report(database, call.entry.id).explanation.prefix(2)
        try database.settle(call, answer(call.jobs.map(\.product), left: 77))
        let next = try database.call(50, now: .noon.after(5_000))
        try database.settle(
            next, answer(next.jobs.map(\.product), left: 27), now: .noon.after(6_000))
        #expect(try report(database, call.entry.id).explanation.prefix(2) == before)
    }
}
