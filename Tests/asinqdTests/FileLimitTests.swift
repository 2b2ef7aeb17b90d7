import Foundation
import ProgramHarness
import Sandbox
import Testing

/// If no disk can be mounted: a limit on the length of files, at which a write fails as it does on a faulty
/// disk.
@Suite struct FileLimitTests {
    @Test(
        "No call is made whose reservation could not be written, and the daemon continues when it can"
    )
    func claim() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox()
        try await bench.enqueue("images", asins(1), "--not-before", "+90d")
        // Blocks of 512 bytes: more than the empty database, less than the WAL of the later jobs.
        let daemon = try bench.start(
            program: "/bin/sh",
            ["-c", "trap '' XFSZ; ulimit -S -f 400; exec \"$0\" run", try Bench.program()],
            input: [])
        _ = try await daemon.errors.line("event=started")
        try await bench.enqueue("images", asins(1..<3_001))
        let failed = try await daemon.errors.line("event=store_failed", "work=claim")
        #expect(failed.contains("could not be read or written") && failed.contains("Try: "))
        #expect(try await sandbox.counts().images.calls == 0)
        #expect(try bench.number("SELECT count(*) FROM ledger") == 0)

        let raise = try bench.start(
            program: "/usr/bin/env",
            ["prlimit", "--pid", "\(daemon.pid)", "--fsize=unlimited:"], input: [])
        #expect(try await raise.ended().code == 0)
        _ = try await daemon.errors.line("event=store_recovered", "work=claim")
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 3_000)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }
}
