import Operations
import Planning
import Storage
import TestSupport
import Testing

@Suite("The history of limits") struct LimitHistoryTests {
    @Test("has the least level of each part of the time, and the refusals")
    func levels() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...200))
        let first = try database.call(90)
        try database.settle(first, answer(first.jobs.map(\.product), left: 5_000))
        let second = try database.call(5, now: .noon.after(300_000))
        try database.settle(
            second, .rateLimited(.minute, hint: .seconds(9), message: "no"),
            now: .noon.after(300_500))
        let history = try LimitHistory.read(
            database.settings, database.store, since: .noon.after(-3_600_000),
            until: .noon.after(3_600_000))
        let bucket = try #require(
            history.series.first { $0.endpoint == "images" && $0.limit == "token_bucket" })
        let refusedAt = HumanText.iso(.noon.after(300_000))
        // 30, and at the settlement itself one token is not whole yet.
        #expect(bucket.points.filter { $0.at < refusedAt }.map(\.available).min() == 29)
        // A refusal shows that the server's bucket is empty.
        #expect(bucket.points.map(\.available).min() == 0)
        #expect(bucket.points.first?.available == 120 && bucket.points.last?.available == 120)
        #expect(bucket.points.allSatisfy { $0.capacity == 120 })
        #expect(bucket.points.map(\.at) == bucket.points.map(\.at).sorted())
        let pool = try #require(
            history.series.first { $0.account == "asinscope" && $0.limit == "daily_pool" })
        #expect(pool.endpoint == nil)
        #expect(pool.points.first?.available == 150_000)
        #expect(pool.points.map(\.available).min() == 5_000)
        #expect(history.series.allSatisfy { $0.points.count <= LimitHistory.pointsMax })
        #expect(history.refusals.map(\.callID) == [second.entry.id])
        #expect(history.refusals.map(\.at) == [HumanText.iso(.noon.after(300_500))])
        #expect(history.refusals.map(\.httpStatus) == [429])
    }

    @Test("of a time without calls is full, whatever happened before and after")
    func quiet() async throws {
        let database = try await TestDatabase()
        try database.complete(asin(1), now: .noon.after(-7_200_000))
        try database.complete(asin(2), now: .noon.after(7_200_000))
        let history = try LimitHistory.read(
            database.settings, database.store, since: .noon, until: .noon.after(60_000))
        #expect(!history.series.isEmpty && history.refusals.isEmpty)
        for series in history.series where series.limit != "daily_pool" {
            #expect(series.points.allSatisfy { $0.available == $0.capacity })
        }
    }

    @Test(
        "is refused for a time that is empty or too long",
        arguments: [
            (0, 0), (1, 0), (0, 86_400_000 * 32),
        ])
    func refused(since: Int, until: Int) async throws {
        let database = try await TestDatabase()
        _ = try badRequest {
            _ = try LimitHistory.read(
                database.settings, database.store, since: .noon.after(since),
                until: .noon.after(until))
        }
    }
}
