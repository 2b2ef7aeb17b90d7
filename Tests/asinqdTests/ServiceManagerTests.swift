import Foundation
import ProgramHarness
import Sandbox
import Testing

@Suite struct ServiceManagerTests {
    @Test(
        "A service manager receives the readiness, the lanes' steps, the watchdog's messages and the end"
    )
    func messages() async throws {
        let bench = try await Bench()
        let heard = try bench.serviceManager()
        _ = try await bench.sandbox(faults: "latency=1200-1200")
        try await bench.enqueue("images", asins(5))
        let daemon = try await bench.daemon()
        _ = try await heard.line("READY=1")
        #expect(heard.text.hasPrefix("READY=1\n"), "readiness comes first: \(heard.text)")
        _ = try await heard.line("WATCHDOG=1")
        _ = try await heard.line("STATUS=", "images: calling for 5", "barcodes: idle")
        _ = try await heard.line("STATUS=images: idle; barcodes: idle; lookup: idle; search: idle")
        daemon.send(SIGTERM)
        _ = try await heard.line("STOPPING=1", "STATUS=finishing the calls in flight")
        #expect(try await daemon.ended().code == 0)
        let lines = heard.text.split(separator: "\n")
        #expect(lines.count { $0 == "READY=1" } == 1)
        #expect(lines.last?.hasPrefix("STOPPING=1") == true, "\(heard.text)")
    }

    @Test("The unit's watchdog is told to wait for calls that may take longer")
    func longTimeout() async throws {
        let bench = try await Bench()
        let heard = try bench.serviceManager()
        bench.useProvider(at: "http://127.0.0.1:1", key: "unused")
        bench.set("ASINQD_ASINSCOPE_TIMEOUT_SECONDS", "400")
        _ = try await bench.daemon()
        // The timeout, ten seconds of grace, and a minute each to settle and to claim.
        _ = try await heard.line("WATCHDOG_USEC=530000000")
        _ = try await heard.line("READY=1")
    }

    @Test("A key that only the service has is no problem for other commands while it runs")
    func credential() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_API_KEY", nil)
        try FileManager.default.createDirectory(
            atPath: bench.path("credentials"), withIntermediateDirectories: false)
        try bench.write("credentials/asinscope-apiKey", "sandbox\n")
        bench.set("CREDENTIALS_DIRECTORY", bench.path("credentials"))
        let daemon = try await bench.daemon()
        bench.set("CREDENTIALS_DIRECTORY", nil)
        try await bench.enqueue("images", asins(1))
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 1)
        let check = try await bench.asinqd("check")
        #expect(check.code == 0, "\(check)")
        #expect(check.text.contains("none for ASINScope here; the running daemon has one"))
        daemon.send(SIGTERM)
        _ = try await daemon.ended()
        let without = try await bench.asinqd("check")
        #expect(without.code == 1 && without.text.contains("none for ASINScope. Try: "))
    }

    @Test("While no program can write, no lane makes progress, and the watchdog is not fed")
    func stuck() async throws {
        let bench = try await Bench()
        let heard = try bench.serviceManager()
        bench.useProvider(at: "http://127.0.0.1:1", key: "unused")
        let daemon = try await bench.daemon()
        // The commit wakes all lanes, and they wait for a lock before they have claimed.
        let other = try await bench.otherProgram(
            """
            db.execute("INSERT INTO queue (endpoint, product) VALUES ('images', 'B0086FFHLS')")
            db.execute('BEGIN IMMEDIATE')
            """)
        _ = try await heard.line("WATCHDOG=1")
        try await other.write([0x0A])
        _ = try await other.output.line("done")
        _ = try await daemon.errors.line("event=store_failed", "work=claim")
        let before = heard.text.split(separator: "\n").count { $0 == "WATCHDOG=1" }
        let lines = daemon.errors.text.split(separator: "\n").count
        _ = try await daemon.errors.line("event=store_failed", after: lines)
        let during = heard.text.split(separator: "\n")
        #expect(during.count { $0 == "WATCHDOG=1" } == before, "\(heard.text)")

        try other.closeInput()
        _ = try await daemon.errors.line("event=store_recovered")
        _ = try await heard.line("WATCHDOG=1", after: during.count)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }

    @Test(
        "A full disk is reported, and passes without a restart",
        .enabled(if: geteuid() == 0, "only root can make a small disk"))
    func fullDisk() async throws {
        let bench = try await Bench()
        let heard = try bench.serviceManager()
        let sandbox = try await bench.sandbox(faults: "latency=1500-1500")
        try bench.write("asins.txt", asins(5).joined(separator: "\n"))
        bench.set("ASINQD_DATABASE", "disk/queue.sqlite")
        let script = """
            mkdir disk && mount -t tmpfs -o size=2m tmpfs disk &&
            "$0" enqueue --images asins.txt && ("$0" run &) &&
            read line && dd if=/dev/zero of=disk/filler bs=1k 2> /dev/null
            read line && rm disk/filler && read line
            """
        let shell = try bench.start(
            program: "/usr/bin/env",
            ["unshare", "--mount", "sh", "-c", script, try Bench.program()], input: nil)
        _ = try await heard.line("STATUS=", "images: calling for 5")
        try await shell.write([0x0A])
        _ = try await shell.errors.line("event=store_failed", "work=settle", "No space left")
        _ = try await heard.line("STATUS=", "images: the disk is full")
        try await shell.write([0x0A])
        _ = try await shell.errors.line("event=store_recovered", "work=settle")
        _ = try await heard.line("STATUS=images: idle", after: 3)
        #expect(try await sandbox.counts().images.calls == 1, "the reply was kept")
        let started = try await shell.errors.line("event=started")
        let pid = try #require(started.firstMatch(of: /pid=(\d+)/).flatMap { pid_t($0.1) })
        kill(pid, SIGTERM)
        _ = try await heard.line("STOPPING=1")
        _ = try await shell.errors.line("event=stopped")
        try shell.closeInput()
        _ = try await shell.ended()
    }
}
