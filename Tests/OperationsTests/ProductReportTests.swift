import Operations
import Planning
import Providers
import Storage
import StoreSupport
import TestSupport
import Testing

@Suite("A product's report") struct ProductReportTests {
    private func report(
        _ database: TestDatabase, _ product: String, at endpoints: [String]? = nil
    ) throws -> ProductReport {
        try ProductReport.read(
            database.settings, database.store, product: product,
            endpoints: endpoints ?? Catalog.current.endpoints.map(\.name), at: .noon)
    }

    @Test("has the open job, the earlier ones, the calls and the result, the latest first")
    func all() async throws {
        let database = try await TestDatabase()
        try database.complete(asin(1), now: .noon.after(-900_000))
        try database.complete(
            asin(1), now: .noon.after(-600_000), .rejected(status: 400, message: "no"))
        try database.complete(asin(2), now: .noon.after(-500_000))
        try database.complete(asin(1), now: .noon.after(-400_000))
        try database.add([asin(1)], now: .noon.after(-300_000))
        _ = try database.store.cancel(
            JobSelection(endpoint: "images", products: [asin(1)]), now: .noon.after(-200_000))
        try database.add(asins(1...3))
        let report = try report(database, asin(1))
        #expect(report.endpoints.map(\.endpoint) == ["images"])
        let place = try #require(report.endpoints.first)
        #expect(
            place.jobs.map(\.job.state) == [
                .ready, .cancelled, .completed, .discarded, .completed,
            ])
        #expect(place.calls.map(\.entry.id) == [4, 2, 1])
        #expect(place.result?.line.callID == 4)
        #expect(place.jobs[0].outlook?.position == 0)
        #expect(place.jobs[0].outlook?.holds.map(\.code) == ["no_daemon"])
        #expect(place.jobs[0].outlook?.startsAt != nil)
        #expect(place.jobs.dropFirst().allSatisfy { $0.outlook == nil })
    }

    @Test(
        "is found in any written form, at each endpoint in the form of its products",
        arguments: [
            ("b0086ffhls", "B0086FFHLS", ["images", "barcodes"]),
            ("https://www.amazon.de/dp/B0086FFHLS?th=1", "B0086FFHLS", ["images", "barcodes"]),
            ("8-85909-45601-7", "0885909456017", ["lookup"]),
            ("  lego   star wars ", "lego star wars", ["search"]),
        ])
    func forms(written: String, canonical: String, endpoints: [String]) async throws {
        let database = try await TestDatabase()
        for endpoint in endpoints { try database.add([canonical], at: endpoint) }
        let report = try report(database, written)
        #expect(Set(report.endpoints.map(\.endpoint)) == Set(endpoints))
        #expect(report.endpoints.allSatisfy { $0.product == canonical })
        #expect(report.product == written)
        #expect(try self.report(database, written, at: [endpoints[0]]).endpoints.count == 1)
    }

    @Test("of a product that no endpoint accepts now finds it as it is", .onSQLite)
    func earlierVersion() async throws {
        let database = try await TestDatabase()
        try database.addOdd("4F4C442D31")
        #expect(try report(database, "OLD-1").endpoints.map(\.product) == ["OLD-1"])
    }

    @Test("of an unknown product has no endpoint, and names those that were tried")
    func unknown() async throws {
        let database = try await TestDatabase()
        let report = try report(database, asin(1))
        #expect(report.endpoints.isEmpty)
        #expect(Set(report.tried) == ["images", "barcodes", "search"])
    }

    @Test("has the result when the job and the calls were pruned")
    func pruned() async throws {
        let database = try await TestDatabase()
        try database.complete(asin(1))
        try database.execute("DELETE FROM queue; DELETE FROM ledger")
        let place = try #require(try report(database, asin(1)).endpoints.first)
        #expect(place.jobs.isEmpty && place.calls.isEmpty)
        #expect(place.result?.line.result.product == asin(1))
    }

    @Test("finds a job by its result, and its call, behind more calls than are read")
    func oldCall() async throws {
        let database = try await TestDatabase()
        try database.complete(asin(1))
        try database.execute(
            """
            DROP TRIGGER ledger_insert;
            WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 20500)
            INSERT INTO ledger (id, account, endpoint, products, reserved, started_at, lease_until,
                settled_at, outcome, charged)
                \(database.store.isOnServer ? "OVERRIDING SYSTEM VALUE" : "")
            SELECT i, 'asinscope', 'images', '["B0"]', 1, 1, 2, 3, 'succeeded', 1 FROM n
            """)
        let place = try #require(try report(database, asin(1)).endpoints.first)
        #expect(place.jobs.map(\.job.state) == [.completed])
        #expect(place.calls.map(\.entry.id) == [1])
    }

    @Test("has at most twenty jobs and ten calls")
    func limits() async throws {
        let database = try await TestDatabase()
        for number in 1...25 {
            try database.complete(asin(1), now: .noon.after(number * 5_000 - 1_000_000))
        }
        for _ in 1...25 {
            try database.add([asin(1)])
            _ = try database.store.cancel(
                JobSelection(endpoint: "images", products: [asin(1)]), now: .noon)
        }
        let place = try #require(try report(database, asin(1)).endpoints.first)
        #expect(place.jobs.count == 20 && place.calls.count == 10)
        #expect(place.jobs.first?.job.id == 50)
    }

    @Test("has the fields of a waiting job's outlook next to the job's own")
    func outlook() async throws {
        let database = try await TestDatabase()
        try database.add([asin(1)])
        let object = try json(report(database, asin(1)))
        #expect(object["product"] as? String == asin(1) && object["tried"] == nil)
        let place = try #require((object["endpoints"] as? [[String: Any]])?.first)
        let job = try #require((place["jobs"] as? [[String: Any]])?.first)
        #expect(job["state"] as? String == "ready" && job["position"] as? Int == 0)
        #expect((job["holds"] as? [Any])?.count == 1)
    }
}
