import Foundation
import ProgramHarness
import Sandbox
import Testing

/// With few file descriptors left.
@Suite struct OpenFilesTests {
    private func limited(_ bench: Bench, _ limit: Int, _ arguments: [String]) async throws
        -> Finished
    {
        try await bench.start(
            program: "/bin/sh",
            ["-c", "ulimit -n \(limit); exec \"$0\" \"$@\"", try Bench.program()] + arguments,
            input: []
        ).ended()
    }

    @Test(
        "A command that cannot open a file names the limit as the cause, and not a permission",
        arguments: [
            ["status"], ["enqueue", "--images", "list.txt"], ["status", "--config", "asinqd.yaml"],
            ["backup", "copy.sqlite"], ["plan"], ["check", "--offline"],
        ])
    func named(arguments: [String]) async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        try bench.write("list.txt", asins(1)[0])
        try bench.write("asinqd.yaml", "log:\n  level: info\n")
        var refusals = 0
        // With fewer the language's own runtime does not start.
        for limit in 8...14 {
            let finished = try await limited(bench, limit, arguments)
            if finished.code == 0 || finished.errors.isEmpty && arguments[0] == "check" { continue }
            // At this number it depends on chance whether the runtime's threads start.
            if finished.errors.isEmpty && limit < 10 { continue }
            refusals += 1
            #expect(finished.errors.contains("open"), "\(limit): \(finished)")
            #expect(finished.errors.contains("ulimit -n"), "\(limit): \(finished)")
            for word in ["read-only", "group", "another path", "YAML", "TMPDIR", "is damaged"] {
                #expect(!finished.errors.contains(word), "\(limit): \(finished)")
            }
        }
        #expect(refusals > 0 || !["enqueue", "backup"].contains(arguments[0]))
    }

    @Test(
        "The daemon and the sandbox do not start with too few, and make no call",
        arguments: [["run"], ["sandbox"]])
    func notStarted(arguments: [String]) async throws {
        let bench = try await Bench()
        bench.useProvider(at: "http://127.0.0.1:1", key: "unused")
        try await bench.enqueue("images", asins(1))
        for limit in 8...18 {
            let finished = try await limited(bench, limit, arguments)
            #expect(finished.code == 75, "\(limit): \(finished)")
            #expect(finished.errors.contains("ulimit -n"))
        }
        #expect(try bench.number("SELECT count(*) FROM ledger") == 0)
    }

    @Test("A daemon whose limit is lowered while it works makes no call, and says why")
    func sinks() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox()
        let daemon = try await bench.daemon()
        func limit(_ number: Int) async throws {
            let raise = try bench.start(
                program: "/usr/bin/env",
                ["prlimit", "--pid", "\(daemon.pid)", "--nofile=\(number):"], input: [])
            #expect(try await raise.ended().code == 0)
        }
        try await limit(3)
        try await bench.enqueue("images", asins(1))
        let line = try await daemon.errors.line("event=call ")
        #expect(line.contains("message=too_many_open_files") && line.contains("tokens=0"))
        #expect(try await sandbox.counts().images.calls == 0)
        try await limit(512)
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 1)
        #expect(try bench.number("SELECT failures FROM queue") <= 1, "as in any outage")
    }
}
