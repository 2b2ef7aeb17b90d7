import Foundation
import ProgramHarness
import Sandbox
import Testing

/// Several keys of one provider, and several calls in flight, with the real daemon.
@Suite struct SeveralAccountsTests {
    /// A bench whose settings file has a second account with a server of its own.
    private func bench(
        key: String = "sandbox", shared: Bool = true
    ) async throws -> (Bench, first: RunningSandbox, second: RunningSandbox) {
        let bench = try await Bench()
        let second = try await bench.sandbox()
        let first = try await bench.sandbox()
        let file = try bench.write(
            "asinqd.yaml",
            """
            accounts:
              - name: second
                provider: asinscope
                shared: \(shared)
                apiKey: \(key)
                url: \(second.address)

            """)
        bench.set("ASINQD_CONFIG", file)
        return (bench, first, second)
    }

    @Test("Both accounts work one line of jobs, each within its own limits, and the audit agrees")
    func shared() async throws {
        let (bench, first, second) = try await bench()
        bench.set("ASINQD_ASINSCOPE_IMAGES_BURST", "120")
        bench.set("ASINQD_ASINSCOPE_IMAGES_PER_MINUTE", "60")
        try await bench.enqueue("images", asins(200))
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0, "\(run)")
        // A bucket of 120 for each: alone, the first one would have waited.
        #expect(try await first.counts().tokensCharged == 100)
        #expect(try await second.counts().tokensCharged == 100)
        #expect(try bench.number("SELECT count(*) FROM ledger WHERE outcome = 'rate_limited'") == 0)
        #expect(try await bench.asinqd("audit").code == 0)
        let status = try await bench.asinqd("status").unwrapped
        #expect(status.contains("images (second) "), "\(status)")
    }

    @Test("A refused key halts its own lanes, and the other account does the jobs")
    func halted() async throws {
        let (bench, first, second) = try await bench(key: "wrong")
        // The first one has to wait between its calls, so the second one gets jobs too.
        bench.set("ASINQD_ASINSCOPE_IMAGES_BURST", "120")
        bench.set("ASINQD_ASINSCOPE_IMAGES_PER_MINUTE", "6000")
        try await bench.enqueue("images", asins(200))
        let daemon = try await bench.daemon()
        _ = try await daemon.errors.line("event=halted", "account=second")
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 200)
        #expect(try await first.counts().tokensCharged == 200)
        #expect(try await second.counts().tokensCharged == 0)
        let resumed = try await bench.asinqd("resume", "--images", "--account", "second")
        #expect(resumed.code == 0)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }

    @Test("A job that names an account is that account's alone; an unknown account is rejected")
    func named() async throws {
        let (bench, first, second) = try await bench(shared: false)
        try await bench.enqueue("images", asins(3), "--account", "second")
        try await bench.enqueue("images", asins(10..<12))
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        #expect(try await second.counts().tokensCharged == 3)
        #expect(try await first.counts().tokensCharged == 2)
        let unknown = try await bench.asinqd(
            "enqueue", "--images", "--account", "third", input: "B000000001")
        #expect(unknown.code == 64 && unknown.errors.contains("Try: use asinscope or second"))
    }

    @Test(
        "Without a first account, dead letters and a wrong address of the listed one are reported")
    func listedOnly() async throws {
        let (bench, _, second) = try await bench()
        bench.set("ASINQD_ASINSCOPE_API_KEY", nil)
        try await second.setFaults("reject=\(asins(1)[0])")
        try await bench.enqueue("images", asins(3))
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 1 && run.errors.contains("images: 1 new dead letter."), "\(run)")
        let check = try await bench.asinqd("check", "--offline")
        #expect(check.text.contains("images: 1 dead letter"), "\(check)")

        let file = bench.path("asinqd.yaml")
        let settings = try String(contentsOfFile: file, encoding: .utf8)
        try bench.write("asinqd.yaml", settings.replacing("/circana", with: "/wrong"))
        try await bench.enqueue("images", asins(10..<12))
        #expect(try await bench.asinqd("run", "--until-empty").code == 1)
        let status = try await bench.asinqd("status").unwrapped
        #expect(status.contains("set accounts.second.url and restart"), "\(status)")
    }

    @Test(
        "The call of an account that was removed is settled at the next start, and its jobs are reported"
    )
    func removed() async throws {
        let (bench, first, second) = try await bench(shared: false)
        let file = try String(contentsOfFile: bench.path("asinqd.yaml"), encoding: .utf8)
        try await second.setFaults("hang=1")
        try await bench.enqueue("images", asins(3), "--account", "second")
        let killed = try await bench.daemon()
        try await bench.until("SELECT count(*) FROM ledger WHERE settled_at IS NULL", is: 1)
        killed.send(SIGKILL)
        _ = try await killed.ended()

        try bench.write("asinqd.yaml", "log: {level: info}\n")
        try await bench.enqueue("images", asins(10..<12))
        let run = try await bench.asinqd("run", "--until-empty")
        let expired = run.errors.split(separator: "\n").filter {
            $0.contains("event=call_expired")
        }
        #expect(expired.count == 1 && expired[0].contains("account=second"), "\(run)")
        #expect(try bench.number("SELECT count(*) FROM ledger WHERE outcome = 'expired'") == 1)
        #expect(try await first.counts().tokensCharged == 2)
        let words =
            "images: 3 jobs name the account second, which the daemon does not use. Try: configure"
        #expect(run.code == 1 && run.errors.contains(words), "\(run)")

        let status = try await bench.status()
        #expect(
            status.missingAccounts == [.init(account: "second", endpoint: "images", jobs: 3)])
        #expect(status.endpoints.count(where: { $0.endpoint == "images" }) == 1)
        #expect(!status.pools.contains { $0.endpoints.contains("second") })
        #expect(status.finishesAt == nil)
        let text = try await bench.asinqd("status").unwrapped
        #expect(text.contains(words) && !text.contains("(second)"), "\(text)")
        let plan = try await bench.plan()["images"]
        #expect(plan?.standstill == "missing_account" && plan?.jobs == 3)
        let problems = try await bench.check("--offline").filter { $0.verdict == "problem" }
        #expect(problems.contains { $0.subject == "jobs" && $0.text.contains(words) })
        #expect(try await bench.asinqd("audit").code == 0, "of the account's calls as well")

        try bench.write("asinqd.yaml", file)
        try await second.setFaults("none")
        try bench.execute("UPDATE queue SET not_before = 0 WHERE state = 'available'")
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        #expect(try await second.counts().tokensCharged == 3)
        #expect(try await bench.status().missingAccounts == [])
    }

    @Test("Cancelled jobs of a removed account are no longer reported")
    func cancelled() async throws {
        let (bench, _, _) = try await bench(shared: false)
        try await bench.enqueue("images", asins(1))
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        try await bench.enqueue("images", asins(3), "--account", "second")
        try bench.write("asinqd.yaml", "log: {level: info}\n")
        #expect(try await bench.asinqd("run", "--until-empty").code == 1)
        let cancel = try await bench.asinqd("cancel", "--images", "--account", "second")
        #expect(cancel.text == "3 jobs cancelled\n")
        #expect(try await bench.status().missingAccounts == [])
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
    }

    @Test("Status and plan use the daemon's limits, whatever the shell has set")
    func truth() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_DAILY_TOKENS", "5000")
        try await bench.enqueue("images", asins(2))
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        bench.set("ASINQD_ASINSCOPE_DAILY_TOKENS", nil)
        let words = try await bench.asinqd("status").unwrapped
        #expect(words.contains("of 5,000 tokens remaining for images and barcodes"), "\(words)")
    }
}
