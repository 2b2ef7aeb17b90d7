import ProgramHarness

#if os(Linux)
    import Foundation
    import Testing

    /// The daemon started by hand, without the service's `LimitCORE=0`.
    @Suite struct CoreDumpTests {
        private static let canary = "CANARY-7f3a9c2e-key"

        /// A shell that allows dumps of any size, and then becomes `command`.
        private func start(_ command: [String], _ bench: Bench) throws -> Program {
            try bench.start(
                program: "/bin/sh", ["-c", "ulimit -c unlimited; exec \"$@\"", "sh"] + command,
                input: [])
        }

        private func dumps(_ bench: Bench) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: bench.folder)
                .filter { $0.hasPrefix("core") }
        }

        @Test(
            "A signal that kills the daemon leaves no dump of its memory, which contains the key",
            arguments: [SIGQUIT, SIGABRT, SIGSEGV])
        func noDump(signal: Int32) async throws {
            let bench = try await Bench()
            bench.useProvider(at: "http://127.0.0.1:1", key: Self.canary)
            let daemon = try start([try Bench.program(), "run"], bench)
            _ = try await daemon.errors.line("event=started")
            let limits = try String(
                contentsOfFile: "/proc/\(daemon.pid)/limits", encoding: .utf8)
            #expect(limits.contains(/Max core file size +0 +0\s/), "\(limits)")
            let filter = try String(
                contentsOfFile: "/proc/\(daemon.pid)/coredump_filter", encoding: .utf8)
            #expect(filter.allSatisfy { "0\n".contains($0) }, "\(filter)")

            daemon.send(signal)
            #expect(try await daemon.ended().code == 128 + signal)
            #expect(try dumps(bench) == [])
        }

        /// The other half of the test above: that this machine would have written a dump there.
        @Test(
            "Another program that dies in the same way leaves a dump",
            .enabled(
                if: (try? String(
                    contentsOfFile: "/proc/sys/kernel/core_pattern", encoding: .utf8)) == "core\n",
                "dumps go elsewhere here"))
        func others() async throws {
            let bench = try await Bench()
            let other = try start(["python3", "-c", "import os; os.abort()"], bench)
            let ended = try await other.ended()
            #expect(ended.code == 128 + SIGABRT, "\(ended)")
            #expect(try !dumps(bench).isEmpty)
        }
    }
#endif
