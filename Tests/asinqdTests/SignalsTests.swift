import Foundation
import ProgramHarness
import Sandbox
import Testing

@Suite struct SignalsTests {
    private static let open = "SELECT count(*) FROM ledger WHERE settled_at IS NULL"
    private static let outcomes = "SELECT outcome || ' ' || charged FROM ledger ORDER BY id"

    /// A daemon whose call has reached the server, which answers after `latency`.
    private func calling(_ bench: Bench, latency: String) async throws -> (Program, RunningSandbox)
    {
        let sandbox = try await bench.sandbox(faults: "latency=\(latency)")
        try await bench.enqueue("images", asins(5))
        let daemon = try await bench.daemon()
        try await bench.until(Self.open, is: 1)
        return (daemon, sandbox)
    }

    @Test("A signal lets the call in flight finish and settles it", arguments: [SIGTERM, SIGINT])
    func finishes(signal: Int32) async throws {
        let bench = try await Bench()
        let (daemon, sandbox) = try await calling(bench, latency: "1200-1200")
        daemon.send(signal)
        _ = try await daemon.errors.line("event=stopping")
        let finished = try await daemon.ended()
        #expect(finished.code == 0, "\(finished)")
        #expect(finished.errorLines.last?.contains("event=stopped") == true)
        let outcomes: [String] = try bench.column(Self.outcomes)
        #expect(outcomes == ["succeeded 5"])
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'completed'") == 5)
        #expect(try await sandbox.counts().images.calls == 1)
    }

    @Test("A signal stops an idle daemon at once", arguments: [SIGTERM, SIGINT])
    func idle(signal: Int32) async throws {
        let bench = try await Bench()
        bench.useProvider(at: "http://127.0.0.1:1", key: "unused")
        bench.set("ASINQD_LOG_LEVEL", "debug")
        let daemon = try await bench.daemon()
        _ = try await daemon.errors.line("event=hold", "reason=idle", "endpoint=barcodes")
        daemon.send(signal)
        let finished = try await daemon.ended()
        #expect(finished.code == 0, "\(finished)")
    }

    @Test("A signal right after the first log line is handled")
    func early() async throws {
        let bench = try await Bench()
        bench.useProvider(at: "http://127.0.0.1:1", key: "unused")
        var codes: [Program.Code] = []
        for _ in 0..<5 {
            let daemon = try await bench.daemon()
            daemon.send(SIGTERM)
            codes.append(try await daemon.ended().code)
        }
        #expect(codes == [0, 0, 0, 0, 0], "the handler was not there yet")
    }

    /// The signal or exit that ends a daemon during a call, and its exit code.
    @Test(
        "A call that a daemon left open is settled as expired at the next start, and its job done",
        arguments: [
            ([SIGTERM, SIGTERM], 143), ([SIGTERM, SIGINT], 130), ([SIGINT, SIGINT], 130),
            ([SIGKILL], 137),
        ] as [([Int32], Int32)])
    func leftOpen(signals: [Int32], code: Int32) async throws {
        let bench = try await Bench()
        let (daemon, sandbox) = try await calling(bench, latency: "30000-30000")
        daemon.send(signals[0])
        if signals.count == 2 {
            _ = try await daemon.errors.line("event=stopping")
            let began = ContinuousClock.now
            try await daemon.sendUntilEnded(signals[1])
            #expect(ContinuousClock.now - began > .milliseconds(900))
        }
        let finished = try await daemon.ended()
        #expect(finished.code == code, "\(finished)")
        #expect(try bench.number(Self.open) == 1)
        let left = try await bench.status()["images"]?.lane
        #expect(left?.state == "calling" && left?.text.contains("left open") == true)

        try await sandbox.setFaults("none")
        let next = try await bench.daemon()
        let expired = try await next.errors.line("event=call_expired")
        #expect(expired.contains("endpoint=images") && expired.contains("call=1"))
        // Its jobs wait for five seconds; the test shortens that.
        try bench.execute("UPDATE queue SET not_before = 0 WHERE state = 'available'")
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 5)
        let outcomes: [String] = try bench.column(Self.outcomes)
        #expect(outcomes == ["expired 5", "succeeded 5"])
        next.send(SIGTERM)
        #expect(try await next.ended().code == 0)
    }

    @Test("Signals within a second are one request, and the call in flight is finished")
    func pairs() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(faults: "latency=150-150")
        let pairs = [
            [SIGTERM, SIGTERM], [SIGTERM, SIGINT], [SIGINT, SIGTERM], [SIGINT, SIGINT],
        ]
        for number in 0..<20 {
            try await bench.enqueue("images", asins(number..<(number + 1)))
            let daemon = try await bench.daemon()
            try await bench.until(Self.open, is: 1)
            for signal in pairs[number % 4] { daemon.send(signal) }
            let finished = try await daemon.ended()
            #expect(finished.code == 0, "\(finished)")
        }
        let outcomes: [String] = try bench.column(Self.outcomes)
        #expect(outcomes == Array(repeating: "succeeded 1", count: 20))
        #expect(try await sandbox.counts().images.calls == 20)
    }

    @Test("timeout(1), which signals the daemon and its process group, loses no call")
    func timeout() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(faults: "latency=2500-2500")
        try await bench.enqueue("images", asins(5))
        let timeout = try bench.start(
            program: "/usr/bin/env",
            ["timeout", "--preserve-status", "2", try Bench.program(), "run"], input: [])
        let finished = try await timeout.ended()
        #expect(finished.code == 0, "\(finished)")
        let outcomes: [String] = try bench.column(Self.outcomes)
        #expect(outcomes == ["succeeded 5"])
        #expect(try await sandbox.counts().images.calls == 1)
    }

    @Test(
        "A signal that was ignored at the start stays ignored, and SIGTERM is handled",
        arguments: ["trap '' HUP INT; exec \"$0\" run", "trap '' INT; exec nohup \"$0\" run"])
    func ignored(script: String) async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox()
        let daemon = try bench.start(
            program: "/bin/sh", ["-c", script, try Bench.program()], input: [])
        _ = try await daemon.errors.line("event=started")
        daemon.send(SIGHUP)
        daemon.send(SIGINT)
        try await bench.enqueue("images", asins(5))
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 5)
        daemon.send(SIGTERM)
        let finished = try await daemon.ended()
        #expect(finished.code == 0, "\(finished)")
        let signals = finished.errorLines.filter {
            $0.contains("event=stopping") || $0.contains("event=reload")
        }
        #expect(signals.count == 1 && signals[0].contains("SIGTERM"), "\(signals)")
        #expect(try await sandbox.counts().images.calls == 1)
    }

    @Test("A second daemon on the same database gives up, until the first is gone")
    func secondDaemon() async throws {
        let bench = try await Bench()
        let (daemon, _) = try await calling(bench, latency: "30000-30000")
        #expect(try await bench.status().isDaemonRunning)
        let second = try await bench.asinqd("run")
        #expect(second.code == 75)
        #expect(second.errors.contains("Another asinqd daemon uses "))
        try FileManager.default.createSymbolicLink(
            atPath: bench.path("link.sqlite"), withDestinationPath: "queue.sqlite")
        let third = try await bench.asinqd("run", "--database", "link.sqlite")
        #expect(third.code == 75, "a link is no other database: \(third)")
        #expect(try bench.number(Self.open) == 1)

        daemon.send(SIGKILL)
        #expect(try await daemon.ended().code == 137)
        #expect(try await !bench.status().isDaemonRunning)
        let next = try await bench.daemon()
        next.send(SIGKILL)
        _ = try await next.ended()
    }
}
