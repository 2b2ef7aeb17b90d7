import Foundation
import ProgramHarness
import Testing

/// Jobs at an endpoint whose provider has no account.
@Suite struct AccountsTests {
    private static let asinscope =
        "no account for this endpoint: set asinscope.apiKey (ASINQD_ASINSCOPE_API_KEY)"
    private static let upcitemdb =
        "no account for this endpoint: set upcitemdb.userKey (ASINQD_UPCITEMDB_USER_KEY)"

    /// UPCitemdb's free plan against a sandbox, and no key for ASINScope.
    private func onlyUPCitemdb() async throws -> Bench {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_API_KEY", nil)
        bench.set("ASINQD_UPCITEMDB_URL", sandbox.upcitemdbAddress)
        bench.set("ASINQD_UPCITEMDB_PLAN", "free")
        return bench
    }

    @Test("Every forecast reports the missing account, and gives no time")
    func forecasts() async throws {
        let bench = try await onlyUPCitemdb()
        for extra in [["--dry-run"], []] {
            let enqueued = try await bench.asinqd(
                ["enqueue", "--barcodes", "--label", "spring"] + extra,
                input: asins(12).joined(separator: "\n"))
            #expect(enqueued.text.contains(Self.asinscope), "\(enqueued)")
            #expect(!enqueued.text.contains("done "), "\(enqueued)")
        }
        try await bench.enqueue("lookup", ["885909456017"], "--label", "spring")
        try await bench.enqueue("lookup", ["4006381333931"], "--label", "alone")
        let status = try await bench.asinqd("status")
        let barcodes = try #require(status.entries.first { $0.hasPrefix("barcodes  no") })
        #expect(barcodes.contains(Self.asinscope) && !barcodes.contains("done "), "\(status)")
        #expect(status.entries.contains { $0.hasPrefix("images    nothing to do") }, "\(status)")
        #expect(status.entries.contains { $0.hasPrefix("lookup ") && $0.contains("done ") })

        let plan = try await bench.asinqd("plan")
        #expect(
            plan.entries.contains {
                $0.hasPrefix("barcodes  12 jobs") && $0.hasSuffix(Self.asinscope)
            },
            "\(plan)")
        let all = try #require(plan.entries.first { $0.hasPrefix("all ") })
        #expect(all.contains("no account for barcodes") && !all.contains("done "), "\(all)")
        for report in [status, plan] {
            let spring = try #require(report.entries.first { $0.hasPrefix("spring ") })
            #expect(spring.hasSuffix("no account for barcodes"), "\(spring)")
            let alone = try #require(report.entries.first { $0.hasPrefix("alone ") })
            #expect(alone.contains(" UTC"), "\(alone)")
        }
        #expect(!plan.entries.contains { $0.contains(" UTC") && $0.contains("  barcodes") })
    }

    @Test("JSON has no time either, and contains the reason")
    func json() async throws {
        let bench = try await onlyUPCitemdb()
        try await bench.enqueue("images", asins(3), "--label", "spring")
        let status = try await bench.status()
        #expect(status.finishesAt == nil && status["images"]?.finishesAt == nil)
        #expect(
            status["images"]?.lane.state == "no_account" && status["images"]?.hasAccount == false)
        #expect(status["lookup"]?.lane.state == "idle" && status["lookup"]?.hasAccount == true)
        #expect(status.labels[0].finishesAt == nil && status.labels[0].jobs == 3)
        let plan = try await bench.plan()
        #expect(plan["images"]?.standstill == "no_account" && plan["images"]?.finishesAt == nil)
        #expect(plan["barcodes"]?.standstill == nil && plan.finishesAt == nil)
        #expect(plan.calls.isEmpty && plan.labels[0].finishesAt == nil)
        let enqueued = try await bench.asinqd(
            "enqueue", "--barcodes", "--json", input: asins(1)[0])
        #expect(enqueued.text.contains(#""standstill" : "no_account""#), "\(enqueued)")
        #expect(enqueued.text.contains(#""finishesAt" : null"#), "\(enqueued)")
    }

    @Test("A run until empty does the rest, and ends with 1 and the count of these jobs")
    func run() async throws {
        let bench = try await onlyUPCitemdb()
        try await bench.enqueue("barcodes", asins(12))
        try await bench.enqueue("images", asins(2), "--not-before", "+2h")
        try await bench.enqueue("lookup", ["885909456017"])
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 1, "\(run)")
        #expect(run.errors.contains("asinqd: barcodes: 12 jobs left, \(Self.asinscope)."))
        #expect(run.errors.contains("asinqd: images: 2 jobs left, \(Self.asinscope)."))
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'completed'") == 1)
        #expect(try await bench.asinqd("cancel", "--images", "--barcodes").code == 0)
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
    }

    @Test("A paid plan without its key has no account, and its lookups wait")
    func paidPlan() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        bench.set("ASINQD_UPCITEMDB_PLAN", "dev")
        try await bench.enqueue("lookup", ["885909456017"])
        try await bench.enqueue("search", ["lego star wars"])
        try await bench.enqueue("images", asins(1))
        let led = try await bench.asinqd(
            "enqueue", "--barcodes", "--then-lookup", input: asins(1)[0])
        #expect(led.text.contains("lookup: up to 1 code follow; \(Self.upcitemdb)"), "\(led)")
        let status = try await bench.asinqd("status")
        for endpoint in ["lookup", "search"] {
            #expect(
                status.entries.contains {
                    $0.hasPrefix(endpoint + " ") && $0.contains(Self.upcitemdb)
                }, "\(status)")
        }
        #expect(try await bench.plan()["search"]?.standstill == "no_account")
        #expect(try await bench.plan()["images"]?.finishesAt != nil)
    }

    @Test("While a daemon runs with a key from elsewhere, its accounts count")
    func daemonsKey() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox(faults: "latency=60000-60000")
        bench.set("ASINQD_UPCITEMDB_PLAN", "free")
        try await bench.enqueue("images", asins(1))
        let daemon = try await bench.daemon()
        try await bench.until("SELECT count(*) FROM ledger", is: 1)
        bench.set("ASINQD_ASINSCOPE_API_KEY", nil)
        let images = try await bench.status()["images"]
        #expect(images?.hasAccount == true && images?.lane.state == "calling")
        daemon.send(SIGKILL)
        _ = try await daemon.ended()
        #expect(try await bench.status()["images"]?.lane.state == "no_account")
    }
}
