import ArgumentParser
import Foundation
import Providers
import Scheduling
import Storage

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look over the settings and the database, and say what to mend.",
        discussion: """
            Reads the whole database, which takes a while on a large one. Spends no token.

            Examples:
              asinqd check
              asinqd check --json --config /etc/asinqd/asinqd.yaml

            Exit codes: 0 all is well, 1 something needs mending, 78 a setting is wrong.
            """)

    @Flag(help: "Print the findings as JSON.") var json = false

    @OptionGroup var common: CommonOptions

    struct Finding: Encodable {
        enum Verdict: String, Encodable {
            case ok
            case note
            case problem
        }

        var verdict: Verdict
        var subject: String
        var text: String
    }

    func run() async throws {
        let settings = try await common.settings()
        var findings = [
            Finding(
                verdict: .ok, subject: "settings",
                text: settings.file.map { "read from \($0) and the environment" }
                    ?? "no settings file; from flags, the environment and defaults"),
            asinscopeKey(settings), upcitemdbKey(settings),
        ]
        findings += database(settings.databasePath)
        let isWell = !findings.contains { $0.verdict == .problem }
        if json {
            try Output.json(findings)
        } else {
            for finding in findings {
                Output.line(
                    finding.verdict.rawValue.padding(to: 9) + finding.subject.padding(to: 11)
                        + TerminalText.safe(finding.text))
            }
        }
        if !isWell { throw ExitCode(CommandFailure.Code.failure.rawValue) }
    }

    private func asinscopeKey(_ settings: Settings) -> Finding {
        if settings.asinscopeAPIKey != nil {
            return Finding(verdict: .ok, subject: "key", text: "there is one for ASINScope")
        }
        let isAlone = settings.upcitemdbPlan != nil
        if !isAlone && isDaemonRunning(settings) { return Self.keyElsewhere("ASINScope") }
        return Finding(
            verdict: isAlone ? .note : .problem, subject: "key",
            text: (isAlone ? "none for ASINScope: images and barcodes wait" : "none for ASINScope")
                + ". Try: \(SettingName.asinscopeAPIKey.environmentName)")
    }

    /// A service's credentials are there for its process alone.
    private static func keyElsewhere(_ provider: String) -> Finding {
        Finding(
            verdict: .note, subject: "key",
            text: "none for \(provider) here; the daemon that runs was given one")
    }

    private func isDaemonRunning(_ settings: Settings) -> Bool {
        DaemonLock.isHeld(database: settings.databasePath)
    }

    private func upcitemdbKey(_ settings: Settings) -> Finding {
        let plan = settings.upcitemdbPlan ?? .free
        if plan == .free {
            return Finding(
                verdict: .ok, subject: "key", text: "UPCitemdb's plan free needs none")
        }
        if settings.upcitemdbUserKey == nil && isDaemonRunning(settings) {
            return Self.keyElsewhere("UPCitemdb's plan \(plan.rawValue)")
        }
        return settings.upcitemdbUserKey == nil
            ? Finding(
                verdict: .problem, subject: "key",
                text: "none for UPCitemdb's plan \(plan.rawValue). Try: "
                    + SettingName.upcitemdbUserKey.environmentName)
            : Finding(
                verdict: .ok, subject: "key",
                text: "there is one for UPCitemdb's plan \(plan.rawValue)")
    }

    private func database(_ path: String) -> [Finding] {
        do {
            let store = try Store(path: path, access: .read)
            let problems = try store.integrityProblems()
            let version = try store.libraryVersion()
            let isDaemonRunning = DaemonLock.isHeld(database: path)
            return [
                Finding(verdict: .ok, subject: "database", text: path),
                problems.isEmpty
                    ? Finding(verdict: .ok, subject: "integrity", text: "the whole file is sound")
                    : Self.problem(
                        "integrity",
                        StoreError.corrupt(path: path, detail: problems.joined(separator: "; "))),
                sqlite(version),
                Finding(
                    verdict: .ok, subject: "daemon",
                    text: isDaemonRunning ? "running" : "not running"),
            ] + files(store)
        } catch {
            return [Self.problem("database", error)]
        }
    }

    /// Source: SQLite's page on the WAL format names 3.7.0 to 3.51.2 as affected by the reset race.
    private func sqlite(_ version: String) -> Finding {
        let parts = version.split(separator: ".").compactMap { Int($0) }
        let isMended = parts.lexicographicallyPrecedes([3, 51, 3]) == false
        return isMended
            ? Finding(verdict: .ok, subject: "sqlite", text: version)
            : Finding(
                verdict: .note, subject: "sqlite",
                text: """
                    \(version) has a race between a checkpoint and a commit that resets the log. \
                    Other programs must set PRAGMA wal_autocheckpoint = 0; asinqd does
                    """)
    }
}
