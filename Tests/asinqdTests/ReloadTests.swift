import Foundation
import ProgramHarness
import Sandbox
import Testing

@Suite struct ReloadTests {
    private static let completed = "SELECT count(*) FROM queue WHERE state = 'completed'"

    /// A bench with its settings in a file, except those that make the sandbox fast.
    private func bench(_ settings: String) async throws -> Bench {
        let bench = try await Bench()
        try bench.write("asinqd.yaml", settings)
        bench.set("ASINQD_CONFIG", "asinqd.yaml")
        return bench
    }

    private func reload(_ daemon: Program, _ bench: Bench, _ settings: String) async throws {
        try bench.write("asinqd.yaml", settings)
        daemon.send(SIGHUP)
    }

    @Test(
        "New settings apply from the next claim on, and a call in flight is finished by the old ones"
    )
    func newSettings() async throws {
        let bench = try await bench("asinscope:\n  batchLimit: 100\n")
        let heard = try bench.serviceManager()
        let sandbox = try await bench.sandbox(faults: "latency=1200-1200")
        try await bench.enqueue("images", asins(3))
        let daemon = try await bench.daemon()
        try await bench.until("SELECT count(*) FROM ledger WHERE settled_at IS NULL", is: 1)
        try await reload(daemon, bench, "asinscope:\n  batchLimit: 2\n")
        _ = try await heard.line("RELOADING=1", "MONOTONIC_USEC=")
        try await bench.enqueue("images", asins(3..<6))
        _ = try await daemon.errors.line("event=reloaded")
        let ready = try await heard.first("readiness again") { bytes, _ in
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            return lines.count { $0 == "READY=1" } == 2 ? lines : nil
        }
        #expect(ready.last { !$0.hasPrefix("STATUS=") && !$0.hasPrefix("WATCHDOG") } == "READY=1")
        try await bench.until(Self.completed, is: 6)
        let calls: [String] = try bench.column(
            "SELECT outcome || ' ' || json_array_length(products) FROM ledger ORDER BY id")
        #expect(calls == ["succeeded 3", "succeeded 2", "succeeded 1"])
        #expect(try await sandbox.counts().images.calls == 3)
        #expect(daemon.isRunning)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }

    @Test("A new key resumes an endpoint that the old one had halted")
    func newKey() async throws {
        let bench = try await bench("asinscope:\n  apiKey: wrong\n")
        _ = try bench.serviceManager()
        _ = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_API_KEY", nil)
        bench.set("ASINQD_LOG_LEVEL", "debug")
        try await bench.enqueue("images", asins(2))
        let daemon = try await bench.daemon()
        _ = try await daemon.errors.line("event=hold", "reason=halted", "endpoint=images")
        try await reload(daemon, bench, "asinscope:\n  apiKey: sandbox\n")
        try await bench.until(Self.completed, is: 2)
    }

    @Test("Unusable settings are rejected in the log, and the old ones stay")
    func wrongSettings() async throws {
        let bench = try await bench("asinscope:\n  batchLimit: 1\n")
        let heard = try bench.serviceManager()
        _ = try await bench.sandbox()
        let daemon = try await bench.daemon()
        let wrong = [
            ("asinscope:\n  batchLimit: 1000\n", "asinscope.batchLimit must be"),
            ("asinscope:\n  apiKay: x\n", "apiKay"), ("]", "is not YAML"),
        ]
        for (number, (settings, words)) in wrong.enumerated() {
            try await reload(daemon, bench, settings)
            _ = try await daemon.errors.line("event=reload_refused", words)
            _ = try await heard.first("readiness again") { bytes, _ in
                let text = String(decoding: bytes, as: UTF8.self)
                return text.split(separator: "\n").count { $0 == "READY=1" } == number + 2 ? 1 : nil
            }
        }
        try bench.execute(
            """
            INSERT INTO queue (endpoint, product) SELECT 'images', value
            FROM json_each('["B0TE000001", "B0TE000002"]')
            """)
        try await bench.until(Self.completed, is: 2)
        #expect(try bench.number("SELECT count(*) FROM ledger") == 2, "one product a call")
        #expect(!daemon.errors.text.contains("event=reloaded"))
    }

    @Test("The database stays the one that the daemon began with, and the log says so")
    func database() async throws {
        let bench = try await bench("database: queue.sqlite\n")
        bench.set("ASINQD_DATABASE", nil)
        _ = try bench.serviceManager()
        _ = try await bench.sandbox()
        let daemon = try await bench.daemon()
        try await reload(daemon, bench, "database: other.sqlite\nlog:\n  level: debug\n")
        let kept = try await daemon.errors.line("event=database_kept")
        #expect(kept.contains("asked=other.sqlite") && kept.contains("database=queue.sqlite"))
        _ = try await daemon.errors.line("event=hold", "reason=idle")
        try bench.execute("INSERT INTO queue (endpoint, product) VALUES ('images', 'B0TE000001')")
        try await bench.until(Self.completed, is: 1)
        #expect(!FileManager.default.fileExists(atPath: bench.path("other.sqlite")))
    }

    /// The daemon's process, which another one started. A terminal has other line ends than ours.
    private func pid(_ log: ByteStream) async throws -> pid_t {
        try await log.first("a daemon that works") { bytes, _ in
            String(decoding: bytes, as: UTF8.self)
                .firstMatch(of: /event=started .*pid=(\d+)\s/).flatMap { pid_t($0.1) }
        }
    }

    @Test(
        "A daemon that no terminal started reads its settings again, whichever program started it")
    func noTerminal() async throws {
        let bench = try await bench("log:\n  level: info\n")
        bench.useProvider(at: "http://127.0.0.1:1", key: "unused")
        let daemon = try bench.start(
            program: "/usr/bin/env", ["setsid", "--wait", try Bench.program(), "run"], input: [])
        let pid = try await pid(daemon.errors)
        bench.atEnd { kill(pid, SIGKILL) }
        kill(pid, SIGHUP)
        _ = try await daemon.errors.line("event=reloaded")
        kill(pid, SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }

    @Test("A terminal that is closed stops the daemon that was started from it")
    func terminal() async throws {
        let bench = try await bench("log:\n  level: info\n")
        bench.useProvider(at: "http://127.0.0.1:1", key: "unused")
        let command = "'\(try Bench.program())' run"
        let daemon = try bench.start(
            program: "/usr/bin/env", ["script", "-qfec", command, "/dev/null"], input: nil)
        let pid = try await pid(daemon.output)
        bench.atEnd { kill(pid, SIGKILL) }
        kill(pid, SIGHUP)
        #expect(try await daemon.ended().code == 0)
        #expect(daemon.output.text.contains("event=stopping"))
        #expect(!daemon.output.text.contains("event=reloaded"))
    }
}
