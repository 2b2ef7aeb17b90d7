import Foundation
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
        let status = try await bench.asinqd("status").text
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

    @Test("A job that names an account is that account's alone; an unknown account is refused")
    func named() async throws {
        let (bench, first, second) = try await bench(shared: false)
        try await bench.enqueue("images", asins(3), "--account", "second")
        try await bench.enqueue("images", asins(10..<12))
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        #expect(try await second.counts().tokensCharged == 3)
        #expect(try await first.counts().tokensCharged == 2)
        let unknown = try await bench.asinqd(
            "enqueue", "--images", "--account", "third", input: "B000000001")
        #expect(unknown.code == 64 && unknown.errors.contains("Try: asinscope or second"))
    }

    @Test("Status and plan use the daemon's limits, whatever the shell has set")
    func truth() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_DAILY_TOKENS", "5000")
        try await bench.enqueue("images", asins(2))
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        bench.set("ASINQD_ASINSCOPE_DAILY_TOKENS", nil)
        let words = try await bench.asinqd("status").text
        #expect(words.contains("of 5,000 tokens left for images and barcodes"), "\(words)")
    }
}
