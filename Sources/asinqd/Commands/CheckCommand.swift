import ArgumentParser
import Scheduling
import Storage

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look over the settings and the database, and say what to mend.",
        discussion: """
            Looks at the settings and who may read them, the keys, the database from end to
            end (which takes a while on a large one), who may use its files, the room on
            its disk, SQLite's version, whether the providers can be reached, and the
            clock. Spends no token: of a provider it asks for the front page, without a key.

            Examples:
              asinqd check
              asinqd check --offline
              asinqd check --json --config /etc/asinqd/asinqd.yaml

            Exit codes: 0 all is well, 1 something needs mending, 78 a setting is wrong.
            """)

    @Flag(help: "Print the findings as JSON.") var json = false

    @Flag(help: "Ask no provider.") var offline = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let settings = try await common.settings()
        let network = try settings.network.network()
        let database = DatabaseChecks(settings.databasePath)
        var findings = KeyChecks(settings: settings).findings + database.findings
        findings += NetworkChecks(settings: settings, network: network).findings
        findings += MachineChecks(database: settings.databasePath).findings
        if !offline {
            let counts = try? database.store?.jobCounts(at: WallClock.now())
            findings += try await ProviderChecks(settings: settings, network: network)
                .findings(counts ?? [:])
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
            throw ExitCode(CommandFailure.Code.failure.rawValue)
        }
    }
}
