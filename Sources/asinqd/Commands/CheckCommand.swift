import ArgumentParser
import Foundation
import Operations
import Scheduling
import Storage

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check settings, database and connectivity, and suggest fixes.",
        discussion: """
            Checks the settings and who may read them, the keys, the whole database (which
            takes a while on a large one), each table, index, trigger and view of asinqd,
            lanes that are halted or make no progress while jobs wait, dead letters, the
            permissions of the database's files, free disk space, SQLite's version, the
            proxy and certificate authorities in use, the connection to each provider, and
            the clock. Spends no token: it requests a provider's front page without a key.

            A lane makes no progress if the daemon is running and either makes no call for
            3 minutes although jobs may run, or has made 3 or more calls in 15 minutes, of
            which none succeeded.

            With --alert it serves monitoring: it reads the database alone, prints one line
            for each reason why a person is needed, and exits 2 if there are any.

            Examples:
              asinqd check
              asinqd check --alert --dead-letters 10 --backup /var/backups/asinqd
              asinqd check --offline
              asinqd check --json --config /etc/asinqd/asinqd.yaml
              asinqd check --repair-sql > repair.sql

            Exit codes: 0 no problem, but possibly warnings and notes; 1 a problem that
            needs repair; 78 a setting is wrong. With --alert: 0 all is well; 2 a person is
            needed; 3 the database cannot be read.
            """)

    @Flag(help: "Print the findings as JSON.") var json = false

    @Flag(help: "Skip network checks.") var offline = false

    @Flag(
        name: .customLong("repair-sql"),
        help:
            "Print only the SQL that recreates missing or changed schema objects, for the sqlite3 shell."
    ) var repairSQL = false

    @Flag(help: "Report only what needs a person, for monitoring.") var alert = false

    @Option(
        help: ArgumentHelp(
            "With --alert: report a lane that made no call for this long although jobs may run. Default: 10m.",
            valueName: "span"), transform: SpanArgument.init(text:))
    var idle: SpanArgument?

    @Option(in: 0...1_000_000_000, help: "With --alert: report more dead letters than this.")
    var deadLetters = 0

    @Option(
        help: ArgumentHelp(
            "With --alert: report a last backup, this file or the latest in this folder, that is too old.",
            valueName: "path"), completion: .file())
    var backup: String?

    @Option(
        help: ArgumentHelp(
            "With --backup: how old it may be. Default: 2d.", valueName: "span"),
        transform: SpanArgument.init(text:))
    var backupAge: SpanArgument?

    @OptionGroup var common: CommonOptions

    /// The codes of monitoring plug-ins.
    private enum AlertCode {
        static let critical: Int32 = 2
        static let unknown: Int32 = 3
    }

    func validate() throws {
        if !alert && (idle != nil || deadLetters > 0 || backup != nil || backupAge != nil) {
            throw ValidationError(
                "--idle, --dead-letters, --backup and --backup-age require --alert.")
        }
        if alert && repairSQL {
            throw ValidationError("--alert and --repair-sql exclude each other.")
        }
        if backupAge != nil && backup == nil {
            throw ValidationError("--backup-age requires --backup.")
        }
    }

    private func runAlert(_ settings: Settings) throws {
        var thresholds = AlertChecks.Thresholds()
        if let idle { thresholds.idleMax = idle.duration }
        thresholds.deadLettersMax = deadLetters
        thresholds.backup = try backup.map {
            try HomePath.expand($0, ProcessInfo.processInfo.environment)
        }
        if let backupAge { thresholds.backupAgeMax = backupAge.duration }
        let findings: [Finding]
        do {
            findings = try AlertChecks(settings, thresholds, at: WallClock.now()).findings
        } catch {
            guard let failure = OperationError(error) else { throw error }
            if json {
                try Output.json([Finding(.problem, "database", failure.description)])
            } else {
                Output.line(
                    "ASINQD UNKNOWN: \(failure.description.replacing("\n", with: " "))")
            }
            throw ExitCode(AlertCode.unknown)
        }
        if json {
            try Output.json(findings)
        } else if findings.isEmpty {
            Output.line("ASINQD OK: nothing needs a person")
        } else {
            let count = HumanText.count(findings.count, "reason", "reasons")
            Output.line("ASINQD CRITICAL: \(count) to look at it")
            for finding in findings {
                Output.line("\(finding.subject): \(TerminalText.safe(finding.text))")
            }
        }
        if !findings.isEmpty { throw ExitCode(AlertCode.critical) }
    }

    func run() async throws {
        let settings = try await common.settings()
        if alert { return try runAlert(settings) }
        if repairSQL {
            guard let repair = try LocalChecks.repair(settings) else {
                return Output.error("No schema object is missing or changed.")
            }
            return Output.write(Array(repair.utf8))
        }
        let network = try settings.network.network()
        let local = LocalChecks(settings, at: WallClock.now())
        var findings =
            local.findings + NetworkChecks(settings: settings, network: network).findings
        if !offline {
            findings += try await ProviderChecks(settings: settings, network: network)
                .findings(local.counts)
        }
        if json {
            try Output.json(findings)
        } else {
            for finding in findings {
                Output.line(
                    finding.verdict.rawValue.padding(to: 9) + finding.subject.padding(to: 11)
                        + TerminalText.safe(finding.text))
            }
        }
        if findings.contains(where: { $0.verdict == .problem }) {
            throw ExitCode(OperationError.Kind.failed.exitCode)
        }
    }
}
