import Foundation
import ProgramHarness
import Testing

/// The log's destination may fail: a reader that ends, a disk that is full.
@Suite struct ErrorStreamTests {
    private func daemonWork(_ bench: Bench, _ start: () throws -> Program) async throws {
        _ = try await bench.sandbox()
        try await bench.enqueue("images", asins(3))
        let daemon = try start()
        let finished = try await daemon.ended()
        #expect(finished.code == 0)
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'completed'") == 3)
        #expect(try bench.number("SELECT count(*) FROM ledger WHERE settled_at IS NULL") == 0)
    }

    @Test("The daemon continues when no program reads its log any more")
    func closedPipe() async throws {
        let bench = try await Bench()
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        try await daemonWork(bench) {
            try bench.start(
                ["run", "--until-empty"], input: [], errorsTo: pipe.fileHandleForWriting)
        }
    }

    #if os(Linux)
        @Test("The daemon continues when its log's disk is full")
        func fullDisk() async throws {
            let bench = try await Bench()
            let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
            try await daemonWork(bench) {
                try bench.start(["run", "--until-empty"], input: [], errorsTo: full)
            }
        }

        @Test(
            "A command whose output's disk is full reports it and fails",
            arguments: [
                ["status"], ["status", "--json"], ["results", "--images", "--format", "json"],
                ["ledger"], ["check"],
            ])
        func fullOutput(command: [String]) async throws {
            let bench = try await Bench()
            try await bench.enqueue("images", asins(1))
            bench.set("ASINQD_ASINSCOPE_API_KEY", "unused")
            let words = command.joined(separator: " ")
            let shell = try await shell(bench, "\"$0\" \(words) > /dev/full")
            #expect(shell.code == 1, "\(shell)")
            #expect(!shell.errors.contains("Fatal error"))
        }
    #endif

    @Test("The daemon works without an error stream")
    func noStream() async throws {
        let bench = try await Bench()
        try await daemonWork(bench) {
            let script = "exec \"$0\" run --until-empty 2>&-"
            return try bench.start(
                program: "/bin/sh", ["-c", script, try Bench.program()], input: [])
        }
    }

    @Test(
        "A reader that closes its end stops a command quietly",
        arguments: ["results --images --format jsonl", "results --images", "ledger", "status"])
    func head(command: String) async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        try await bench.enqueue("images", asins(300))
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        let piped = try await shell(bench, "\"$0\" \(command) | head -n 1")
        #expect(piped.code == 0 && piped.errors.isEmpty, "\(piped)")
        #expect(piped.lines.count == 1)
    }

    private func shell(_ bench: Bench, _ script: String) async throws -> Finished {
        try await bench.start(
            program: "/bin/sh", ["-c", script, try Bench.program()], input: []
        ).ended()
    }
}
