import ArgumentParser
import Operations
import Scheduling
import Storage

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look over the settings and the database, and say what to mend.",
        discussion: """
            Looks at the settings and who may read them, the keys, the database from end to
            end (which takes a while on a large one), each table, index, trigger and view
            of asinqd's, lanes that are halted or make no progress while jobs wait, dead
            letters, who may use the database's files, the room on its disk, SQLite's
            version, the proxy and certificate authorities in force, whether the providers
            can be reached, and the clock. Spends no token: of a provider it asks for the
            front page, without a key.

            A lane makes no progress when a daemon is running and either makes no call for
            3 minutes although jobs may run, or has had no call that succeeded, of 3 or
            more, for 15 minutes.

            Examples:
              asinqd check
              asinqd check --offline
              asinqd check --json --config /etc/asinqd/asinqd.yaml
              asinqd check --repair-sql > repair.sql

            Exit codes: 0 no problem, though perhaps warnings and notes, 1 a problem that
            needs repair, 78 a setting is wrong.
            """)

    @Flag(help: "Print the findings as JSON.") var json = false

    @Flag(help: "Ask no provider.") var offline = false

    @Flag(
        name: .customLong("repair-sql"),
        help:
            "Print only the SQL that recreates what is missing or changed in the database, for the sqlite3 shell."
    ) var repairSQL = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let settings = try await common.settings()
        if repairSQL {
            guard let repair = try LocalChecks.repair(settings) else {
                return Output.error("Nothing of the schema is missing or changed.")
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
