import ArgumentParser
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

            Examples:
              asinqd check
              asinqd check --offline
              asinqd check --json --config /etc/asinqd/asinqd.yaml
              asinqd check --repair-sql > repair.sql

            Exit codes: 0 no problem, but possibly warnings and notes; 1 a problem that
            needs repair; 78 a setting is wrong.
            """)

    @Flag(help: "Print the findings as JSON.") var json = false

    @Flag(help: "Skip network checks.") var offline = false

    @Flag(
        name: .customLong("repair-sql"),
        help:
            "Print only the SQL that recreates missing or changed schema objects, for the sqlite3 shell."
    ) var repairSQL = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let settings = try await common.settings()
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
