import ArgumentParser
import Foundation
import ProgramHarness
import ScriptedServers
import Testing

@testable import asinqd

@Suite struct HelpTests {
    private static let commands = Asinqd.configuration.subcommands.compactMap {
        $0.configuration.commandName
    }

    /// Their examples need files or a network, write outside the test's folder, or take long.
    private static let commandsWithEffects: Set = [
        "enqueue", "run", "watch", "wait", "change", "schedule", "check", "backup", "move",
        "serve", "sandbox", "simulate", "demo",
    ]

    @Test("The program names its commands, and those with effects are among them")
    func names() {
        #expect(Self.commands.count == Asinqd.configuration.subcommands.count)
        #expect(Self.commandsWithEffects.isStrictSubset(of: Self.commands))
    }

    @Test(
        "Every command has help, with an example if it takes arguments",
        arguments: commands)
    func help(command: String) async throws {
        let bench = try await Bench()
        let help = try await bench.asinqd(command, "--help")
        #expect(help.code == 0 && help.errors.isEmpty)
        #expect(help.text.hasPrefix("OVERVIEW: ") && help.text.contains("USAGE: asinqd \(command)"))
        #expect(help.text.contains("\n  asinqd \(command)"), "an example")
    }

    /// An example without effects beyond a database, as it is in a help text.
    @Test(
        "The examples of the help texts parse as they are",
        arguments: commands.filter { !commandsWithEffects.contains($0) })
    func examples(command: String) async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1) + ["B0086FFHLS"], "--label", "spring")
        try await bench.enqueue("lookup", ["885909456017"])
        let help = try await bench.asinqd(command, "--help")
        let examples = help.lines.filter { $0.hasPrefix("  asinqd \(command)") }
        for example in examples
        where !["--watch", "--follow", "$("].contains(where: example.contains) {
            let words = example.split(separator: " ").dropFirst().map(String.init)
            let finished = try await bench.asinqd(Array(words.prefix { $0 != "|" && $0 != ">" }))
            #expect(finished.code == 0, "\(finished)")
        }
    }

    @Test("No line of a help text is broken in the middle of a sentence", arguments: commands)
    func wrapping(command: String) async throws {
        let help = try await Bench().asinqd(command, "--help")
        let overview = help.text.components(separatedBy: "\nUSAGE: ")[0]
        let lines = overview.components(separatedBy: "\n")
        // A line of one or two words between longer ones is the rest of a line that was too long.
        let orphans = zip(lines, lines.dropFirst()).map(\.0).enumerated().filter { index, line in
            index > 0 && !line.isEmpty && line.count < 25 && !line.hasPrefix(" ")
                && lines[index - 1].count > 60 && !lines[index + 1].isEmpty
        }
        #expect(orphans.map(\.element) == [])
    }

    @Test(
        "Shells accept the completion scripts",
        arguments: [("bash", ["-n"]), ("zsh", ["-n"]), ("fish", ["--no-execute"])])
    func completion(shell: String, check: [String]) async throws {
        let bench = try await Bench()
        let script = try await bench.asinqd("--generate-completion-script", shell)
        #expect(script.code == 0 && script.errors.isEmpty)
        for command in Self.commands { #expect(script.text.contains(command)) }
        let hasShell =
            try await bench.start(
                program: "/bin/sh", ["-c", "command -v \(shell)"], input: []
            ).ended().code == 0
        guard hasShell else { return }
        try bench.write("script", script.bytes)
        let checked = try await bench.start(
            program: "/usr/bin/env", [shell] + check + ["script"], input: []
        ).ended()
        #expect(checked.code == 0 && checked.errors.isEmpty, "\(checked)")
    }

    @Test(
        "Unknown words and flags are a usage error",
        arguments: [
            ["frobnicate"], ["status", "--wacht"], ["run", "now"], ["results"],
            ["results", "--images", "--barcodes"], ["results", "--images", "--format", "xml"],
            ["ledger", "--limit", "-1"], ["audit", "--limit", "-1"], ["ledger", "--limit", "many"],
            ["plan", "--calls", "-1"], ["simulate", "--faults", "plague"],
            ["simulate", "--days", "0"], ["simulate", "--figures", "trial"],
            ["simulate", "--seed", "18446744073709551615"], ["simulate", "--images", "0"],
            ["simulate", "--exhaustive", "--seeds", "2"], ["simulate", "--trace", "--json"],
            ["prune", "--jobs", "old"], ["jobs", "--state", "dead"], ["jobs", "--limit", "-1"],
            ["show"], ["labels", "spring"], ["watch", "--after", "x"],
            ["sandbox", "--faults", "plague"], ["sandbox", "--port", "65536"],
            ["sandbox", "--daily-tokens", "-5"], ["sandbox", "--upcitemdb-plan", "gold"],
            ["sandbox", "--upcitemdb-daily-searches", "1000000001"],
            ["sandbox", "--upcitemdb-lookup-bursts", "6"],
            ["sandbox", "--upcitemdb-lookup-bursts", "6/60,"],
            ["sandbox", "--upcitemdb-search-bursts", "0/30"],
            ["sandbox", "--upcitemdb-reset-minute", "1440"],
            ["sandbox", "--upcitemdb-codes-per-request", "0"], ["status", "--database"],
        ])
    func usage(arguments: [String]) async throws {
        let finished = try await Bench().asinqd(arguments)
        #expect(finished.code == 64 && finished.text.isEmpty, "\(finished)")
        #expect(finished.errors.hasPrefix("Error: "))
    }

    @Test(
        "A mistyped command is a usage error with the nearest one",
        arguments: [
            ("staus", "status"), ("equeue", "enqueue"), ("Plan", "plan"), ("ressults", "results"),
            ("legder", "ledger"), ("job", "jobs"), ("wacth", "watch"), ("shwo", "show"),
            ("simulat", "simulate"),
        ])
    func mistyped(word: String, meant: String) async throws {
        let finished = try await Bench().asinqd(word, "--images")
        #expect(finished.code == 64 && finished.text.isEmpty, "\(finished)")
        #expect(
            finished.errors
                == "asinqd: There is no command \(word).\nTry: run asinqd \(meant), or asinqd --help for all commands.\n"
        )
    }

    @Test("The version is one line, and has a section in the changelog")
    func version() async throws {
        let version = try await Bench().asinqd("--version")
        #expect(version.code == 0 && version.lines.count == 1)
        #expect(try version.text.contains(Regex(#"^\d+\.\d+\.\d+\n$"#)))
        let root = JSONContract.page.deletingLastPathComponent().deletingLastPathComponent()
        let changelog = try String(
            contentsOf: root.appendingPathComponent("CHANGELOG.md"), encoding: .utf8)
        let headings = changelog.split(separator: "\n").filter { $0.hasPrefix("## ") }
        #expect(headings.first == "## [Unreleased]")
        #expect(headings.dropFirst().first?.hasPrefix("## [\(version.lines[0])] - 2") == true)
        let kinds = Set(
            changelog.split(separator: "\n").filter { $0.hasPrefix("### ") }.map {
                String($0.dropFirst(4))
            })
        #expect(
            kinds.isSubset(of: ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]))
    }

    @Test("A sandbox whose port is taken says so")
    func portTaken() async throws {
        let bench = try await Bench()
        let server = try ScriptedServer { _ in .close }
        let sandbox = try await bench.asinqd("sandbox", "--port", "\(server.port)")
        #expect(sandbox.code == 1 && sandbox.errors.contains("Try: use --port 0"))
        #expect(server.requests.isEmpty)
    }

    @Test("The sandbox stops at a signal, also while a call hangs", arguments: [SIGTERM, SIGINT])
    func sandboxStops(signal: Int32) async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(faults: "hang=1")
        try await bench.enqueue("images", asins(1))
        let daemon = try await bench.daemon()
        try await eventually("a call") {
            try bench.number("SELECT count(*) FROM ledger") == 1 ? () : nil
        }
        sandbox.program.send(signal)
        let finished = try await sandbox.program.ended()
        #expect([0, 128 + signal].contains(finished.code), "\(finished)")
        daemon.send(SIGKILL)
        _ = try await daemon.ended()
    }
}
