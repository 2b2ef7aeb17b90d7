import Operations
import Planning
import Providers
import Storage
import TestSupport
import Testing

@Suite("A job's report") struct JobReportTests {
    private func report(_ database: TestDatabase, _ product: String) throws -> JobReport {
        let id = try database.number("SELECT max(id) FROM queue WHERE product = '\(product)'")
        return try #require(
            try JobReport.read(database.settings, database.store, id: Int64(id), at: .noon))
    }

    @Test("is absent for a job that does not exist")
    func unknown() async throws {
        let database = try await TestDatabase()
        for id in [0, 1, -1, Int64.max, Int64.min] {
            #expect(
                try JobReport.read(database.settings, database.store, id: id, at: .noon) == nil)
        }
    }

    @Test("of a waiting job says how many go first, when it starts, and why it waits")
    func waiting() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...300), EnqueueOptions(priority: 5))
        try database.add([asin(301)], EnqueueOptions(priority: 4))
        try database.add([asin(302)], EnqueueOptions(priority: 6))
        let first = try report(database, asin(301))
        #expect(first.outlook?.position == 0)
        #expect(first.outlook?.holds.map(\.code) == ["no_daemon"])
        let middle = try report(database, asin(150))
        #expect(middle.outlook?.position == 150)
        #expect(middle.outlook?.holds.map(\.code) == ["no_daemon", "jobs_before"])
        let last = try report(database, asin(302))
        #expect(last.outlook?.position == 301)
        #expect(last.outlook?.holds.last?.text == "301 jobs go first")
        let starts = [first, middle, last].map(\.outlook?.startsAt)
        #expect(starts.compactMap(\.self) == starts.compactMap(\.self).sorted())
        #expect(!starts.contains(nil))
        #expect(starts[0]! < starts[2]!)
        #expect(starts[0]! >= HumanText.iso(.noon))
    }

    @Test("says that a job is paused, scheduled, or waits for an account")
    func holds() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...2))
        _ = try database.store.pause(JobSelection(products: [asin(1)]))
        try database.add([asin(3)], EnqueueOptions(notBefore: .noon.after(3_600_000)))
        try database.store.register([StoredAccount(name: "ghost", provider: "asinscope")])
        try database.store.setLimits(
            database.settings.accounts.map {
                ($0.stored, $0.account.figures.json)
            }, now: .noon)
        try database.add([asin(4)], EnqueueOptions(account: "ghost"))
        let paused = try report(database, asin(1))
        #expect(paused.outlook?.holds.first?.code == "job_paused")
        #expect(paused.outlook?.startsAt == nil)
        let later = try report(database, asin(3))
        #expect(later.outlook?.holds.first?.code == "not_due")
        #expect(try #require(later.outlook?.startsAt) >= HumanText.iso(.noon.after(3_590_000)))
        let ghost = try report(database, asin(4))
        #expect(ghost.outlook?.holds.map(\.code).contains("missing_account") == true)
        #expect(ghost.outlook?.startsAt == nil)
    }

    @Test("names the lane's state where that keeps the job waiting")
    func lane() async throws {
        let database = try await TestDatabase()
        try database.add([asin(1)])
        try database.store.pauseLane("images", of: "asinscope", now: .noon)
        #expect(
            try report(database, asin(1)).outlook?.holds.map(\.code) == ["no_daemon", "paused"])
        try database.store.resumeLane("images", of: "asinscope")
        let call = try database.call()
        try database.settle(
            call, .rateLimited(.minute, hint: .seconds(50), message: "slow down"),
            now: .noon)
        let codes = try report(database, asin(1)).outlook?.holds.map(\.code)
        #expect(codes?.contains("rate_limited") == true)
    }

    @Test("of a finished job has its calls, latest first, and its result, and no holds")
    func finished() async throws {
        let database = try await TestDatabase()
        try database.complete(asin(1), now: .noon.after(-90_000))
        try database.add([asin(1)], now: .noon.after(-60_000))
        let failed = try database.call(now: .noon.after(-50_000))
        try database.settle(
            failed, .failed(status: 500, message: "oops"), now: .noon.after(-49_000))
        let again = try database.call(now: .noon.after(-20_000))
        try database.settle(again, answer([asin(1)]), now: .noon.after(-19_000))
        let report = try report(database, asin(1))
        // The call of the earlier job of the same product is not among them.
        #expect(report.calls.map(\.id) == [again.entry.id, failed.entry.id])
        #expect(report.outlook == nil)
        let object = try json(report)
        #expect(object["state"] as? String == "completed")
        #expect((object["result"] as? [String: Any])?["product"] as? String == asin(1))
        #expect(object["pages"] == nil)
        #expect((object["calls"] as? [Any])?.count == 2)
    }
}
