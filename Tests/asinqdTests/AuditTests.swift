import Foundation
import ProgramHarness
import Testing

@Suite struct AuditTests {
    /// `audit --json`, as a program that reads it would declare it.
    private struct Report: Decodable {
        struct Finding: Decodable {
            var code: String
            var severity: String
            var callID: Int?
            var endpoint: String?
            var startedAt: String?
            var text: String
        }

        struct Summary: Decodable {
            var calls: Int
            var openCalls: Int
            var products: Int
            var firstStartedAt: String?
            var lastStartedAt: String?
            var outcomes: [String: Int]
            struct Pool: Decodable {
                var endpoints: [String]
                var calls: Int
                var reservedTokens: Int
                var chargedTokens: Int
                var otherClientTokens: Int
            }

            var reservedTokens: Int?
            var chargedTokens: Int?
            var otherClientTokens: Int?
            var lostReplyTokens: Int?
            var unexplainedTokens: Int?
            var pools: [Pool]
        }

        var problems: Int
        var notes: Int
        var counts: [String: Int]
        var findings: [Finding]
        var summary: Summary
    }

    private func report(_ bench: Bench, _ arguments: String..., code: Int32) async throws -> Report
    {
        let finished = try await bench.asinqd(["audit", "--json"] + arguments)
        #expect(finished.code == code && finished.errors.isEmpty, "\(finished)")
        return try JSONDecoder().decode(Report.self, from: Data(finished.bytes))
    }

    /// The main job, done against the sandbox.
    private func done() async throws -> Bench {
        let bench = try await Bench()
        _ = try await bench.sandbox(faults: "latency=20-60")
        for endpoint in ["images", "barcodes"] { try await bench.enqueue(endpoint, asins(230)) }
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        return bench
    }

    @Test("An honest ledger has no problem, as text and as JSON")
    func honest() async throws {
        let bench = try await done()
        let audit = try await bench.asinqd("audit")
        #expect(audit.code == 0 && audit.errors.isEmpty)
        #expect(audit.lines.last == "no problem")
        #expect(audit.text.contains("6 succeeded\n"), "\(audit)")
        let report = try await report(bench, code: 0)
        #expect(report.problems == 0 && report.notes == 0)
        #expect(report.findings.isEmpty && report.counts.isEmpty)
        #expect(report.summary.calls == 6 && report.summary.openCalls == 0)
        #expect(report.summary.products == 460)
        #expect(report.summary.reservedTokens == 460 && report.summary.chargedTokens == 460)
        #expect(report.summary.outcomes["succeeded"] == 6)
        #expect(report.summary.outcomes["rate_limited"] == 0)
        #expect(report.summary.firstStartedAt?.hasSuffix("Z") == true)
    }

    @Test("A problem is listed with its entry, is counted beyond the limit, and is exit code 1")
    func problems() async throws {
        let bench = try await done()
        try bench.execute("DROP TRIGGER ledger_identity; UPDATE ledger SET reserved = reserved + 1")
        let first = try await report(bench, "--limit", "2", code: 1)
        #expect(first.counts["wrong_reservation"] == 6 && first.counts["wrong_charge"] == 6)
        let listed = first.findings.filter { $0.code == "wrong_reservation" }
        #expect(listed.compactMap(\.callID) == [1, 2])
        #expect(listed.allSatisfy { $0.severity == "problem" && $0.startedAt != nil })

        let words = try await bench.asinqd("audit", "--limit", "2")
        #expect(words.code == 1 && words.errors.isEmpty)
        #expect(words.lines.contains { $0.hasPrefix("problem  wrong_reservation: call 1, ") })
        #expect(words.lines.contains("problem  wrong_reservation: 4 more"))
        let none = try await bench.asinqd("audit", "--limit", "0")
        #expect(none.code == 1 && none.lines.contains("problem  wrong_reservation: 6 found"))
    }

    @Test(
        "Calls are checked against the limits that the daemon worked with, and the report says so")
    func narrowerLimits() async throws {
        let bench = try await done()
        bench.set("ASINQD_ASINSCOPE_IMAGES_BURST", "99")
        #expect(try await bench.asinqd("audit").code == 0, "of a later setting")
        try bench.execute(
            "UPDATE limit_setting SET figures = json_set(figures, '$.imagesBurst', 99)")
        let audit = try await bench.asinqd("audit")
        #expect(audit.code == 1)
        #expect(
            audit.text.contains("over_bucket: call ")
                && audit.text.contains("the limits in force when it was made"))
    }

    @Test("Tokens of two providers are not added")
    func twoProviders() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox()
        bench.set("ASINQD_UPCITEMDB_URL", sandbox.upcitemdbAddress)
        try await bench.enqueue("images", asins(7))
        try await bench.enqueue("barcodes", asins(7))
        let alone = try await bench.asinqd("audit")
        #expect(alone.lines == ["no calls", "no problem"])
        try await bench.enqueue("lookup", ["4006381333931"])
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        let report = try await report(bench, code: 0)
        #expect(report.summary.chargedTokens == nil && report.summary.otherClientTokens == nil)
        #expect(
            report.summary.pools.map(\.endpoints) == [
                ["images", "barcodes"], ["lookup", "search"],
            ])
        #expect(report.summary.pools.map(\.chargedTokens) == [17, 1])
        let text = try await bench.asinqd("audit").text
        #expect(text.contains("tokens     images and barcodes: 17 reserved, 17 charged"))
        #expect(text.contains("tokens     lookup and search: 1 reserved, 1 charged"))
    }

    @Test("A running daemon causes no finding")
    func running() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox(faults: "hang=1")
        try await bench.enqueue("images", asins(3))
        let daemon = try await bench.daemon()
        try await bench.until("SELECT count(*) FROM ledger", is: 1)
        let report = try await report(bench, code: 0)
        #expect(report.summary.openCalls == 1 && report.findings.isEmpty)
        daemon.send(SIGKILL)
        _ = try await daemon.ended()
    }

    @Test("A missing database is reported; one without calls has no problem")
    func empty() async throws {
        let bench = try await Bench()
        let missing = try await bench.asinqd("audit")
        #expect(missing.code == 78 && missing.errors.contains("There is no database at"))
        try await bench.enqueue("images", asins(1))
        let audit = try await bench.asinqd("audit")
        #expect(audit.code == 0 && audit.lines == ["no calls", "no problem"])
    }
}
