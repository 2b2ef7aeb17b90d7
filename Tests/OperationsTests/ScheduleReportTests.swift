import Planning
import Storage
import TestSupport
import Testing

@testable import Operations

/// What reports say about schedules.
@Suite("A report of schedules") struct ScheduleReportTests {
    private func schedule(
        _ database: TestDatabase, _ products: [String], at endpoint: String = "images",
        account: String? = nil
    ) throws -> Schedule {
        let schedule = try NewSchedule(
            endpoint: endpoint, label: "catalog", account: account, every: .day * 7
        ).add(to: database.store, now: .noon)
        _ = try database.store.add(products, to: schedule)
        return schedule
    }

    private func reports(_ database: TestDatabase) throws -> [ScheduleReport] {
        try ScheduleReport.all(database.settings, database.store, at: .noon)
    }

    @Test("has the due products, the daily needs, and what the pool leaves over")
    func numbers() async throws {
        let database = try await TestDatabase()
        _ = try schedule(database, asins(1...700))
        try database.add(asins(1_000...1_099))
        let report = try #require(try reports(database).first)
        #expect(report.products == 700 && report.dueProducts == 700)
        #expect(report.productsPerDay == 100 && report.tokensPerDay == 100)
        #expect(report.tokensLeftOver == 150_000 - 15_000 - 100)
        #expect(report.keepsUp && report.roundSeconds.number == 604_800 && report.problem == nil)
        #expect(report.text == "every 7 d: 700 products, 700 due, keeps up")
    }

    @Test("does not delay the forecast of other jobs")
    func forecast() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...500))
        func plan() throws -> PlanReport {
            try PlanReport.read(database.settings, database.store, at: .noon, nextCalls: 3)
        }
        let before = try plan()
        _ = try schedule(database, asins(1_000...9_000))
        let after = try plan()
        #expect(after.schedules.count == 1 && before.schedules.isEmpty)
        #expect(after.finishesAt.instant == before.finishesAt.instant)
        #expect(after.endpoints.map(\.jobs) == before.endpoints.map(\.jobs))
    }

    @Test("says when the limits do not suffice, and `check` warns")
    func tooMuch() async throws {
        let database = try await TestDatabase(["asinscope:", "  dailyTokens: 100"])
        _ = try schedule(database, asins(1...1_260))
        let report = try #require(try reports(database).first)
        #expect(!report.keepsUp && report.progress == "a round takes 14 d")
        let findings = ScheduleChecks(
            settings: database.settings, store: database.store, now: .noon
        ).findings
        #expect(findings.map(\.verdict) == [.warning])
        #expect(
            findings[0].text.hasPrefix(
                "catalog (images) needs 180 tokens a day for an interval of 7 d"))
    }

    @Test(
        "names an endpoint of another version and an account that is not used, and `check` reports both"
    )
    func problems() async throws {
        let database = try await TestDatabase(["asinscope:", "  apiKey: k"])
        try database.execute(
            """
            INSERT INTO endpoint (name, provider, product_form) VALUES ('videos', 'asinscope', 'asin');
            INSERT INTO schedule (endpoint, label, every_ms) VALUES ('videos', 'catalog', 3600000);
            INSERT INTO account (name, provider) VALUES ('gone', 'asinscope');
            INSERT INTO schedule (endpoint, label, account, every_ms)
            VALUES ('images', 'catalog', 'gone', 3600000);
            """)
        let reports = try reports(database)
        #expect(reports.map(\.problem) == [.unknownAccount, .unknownEndpoint])
        let findings = ScheduleChecks(
            settings: database.settings, store: database.store, now: .noon
        ).findings
        #expect(findings.map(\.verdict) == [.problem, .problem])
        #expect(findings[0].text.contains("does not use the account gone. Try: "))
    }

    @Test("is empty without schedules, and then `check` says nothing")
    func none() async throws {
        let database = try await TestDatabase()
        #expect(try reports(database).isEmpty)
        #expect(
            ScheduleChecks(settings: database.settings, store: database.store, now: .noon).findings
                .isEmpty)
    }

    @Test("leaves a paused schedule out of the needs of the others")
    func paused() async throws {
        let database = try await TestDatabase(["asinscope:", "  dailyTokens: 100"])
        let images = try schedule(database, asins(1...630))
        _ = try schedule(database, asins(1...630), at: "barcodes")
        #expect(try reports(database).map(\.keepsUp) == [false, false])
        try database.store.setPaused(true, images)
        let reports = try reports(database)
        #expect(reports.map(\.endpoint) == ["barcodes", "images"])
        #expect(reports[0].keepsUp && reports[1].progress == "paused")
        #expect(!reports[1].needsPerson)
    }
}
