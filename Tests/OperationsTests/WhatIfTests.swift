import Operations
import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

@Suite("A what-if plan") struct WhatIfTests {
    private func plan(
        _ database: TestDatabase, _ adding: [(endpoint: String, jobs: Int)] = [], priority: Int = 5
    ) throws -> PlanReport {
        try PlanReport.read(
            database.settings, database.store, at: .noon, nextCalls: 3, adding: adding,
            priority: priority)
    }

    @Test("is the plan as if the jobs were enqueued, and changes nothing", .onSQLite)
    func added() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...100))
        let before = try plan(database)
        let rows = try database.number("SELECT total_changes()")
        let added = try plan(database, [("images", 5_000), ("search", 10)])
        #expect(try database.number("SELECT total_changes()") == rows)
        let images = { (plan: PlanReport) in plan.endpoints.first { $0.endpoint == "images" }! }
        #expect(images(added).jobs == 5_100)
        #expect(images(added).finishesAt.instant! > images(before).finishesAt.instant!)
        // A search counts as its pages.
        #expect(added.endpoints.first { $0.endpoint == "search" }?.jobs == 20)
        #expect(try plan(database).endpoints.map(\.jobs) == before.endpoints.map(\.jobs))
        try database.add(asins(101...5_100))
        #expect(images(try plan(database)).finishesAt.instant == images(added).finishesAt.instant)
    }

    @Test("refuses endpoints, numbers and priorities that do not exist")
    func refused() async throws {
        let database = try await TestDatabase()
        for (endpoint, jobs, priority) in [
            ("nowhere", 1, 5), ("images", -1, 5), ("images", Int.max, 5), ("images", 1, 10),
            ("images", 1, -1), ("search", Int.min, 0),
        ] {
            _ = try badRequest {
                _ = try plan(database, [(endpoint, jobs)], priority: priority)
            }
        }
    }
}
