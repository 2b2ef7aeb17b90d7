import ArgumentParser
import Operations
import Planning
import Providers
import Scheduling
import Storage

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Fold the ledger from its first entry, and check what must hold.",
        discussion: """
            Every call within every limit, reserved and charged by the tariff, settled
            once; jobs and results as their calls say; each balance explained; the sums by
            hour those of the calls, for the days that the ledger holds in full. A call is
            judged by the limits that the daemon worked with at its time. Changes nothing;
            a daemon may be at work.

            A problem breaks a rule. A note is explained: another client on the key, a
            reply that was lost, a refusal, a clock that was set back.

            Tokens are counted for each pool: those of two are never added. Where calls
            drew from several, the sums in the JSON's summary are null, and summary.pools
            has them.

            Examples:
              asinqd audit
              asinqd audit --limit 0
              asinqd audit --json | jq .problems

            Exit codes: 0 no problem, 1 problems found.
            """)

    @Option(
        in: 0...1_000_000, help: "How many findings of each code to list; the others are counted.")
    var limit = 20

    @Flag(help: "Print a JSON object.")
    var json = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (settings, store) = try await common.store(.read)
        var progress = ProgressLine()
        let report = try store.audit(
            settings.limits(in: store), at: WallClock.now(), keptPerCode: limit
        ) { calls in
            progress.show("audit  \(HumanText.count(calls, "call", "calls"))")
        }
        progress.clear()
        if json {
            try Output.json(AuditJSON(report))
        } else {
            for line in report.lines { Output.line(line) }
        }
        if report.count(of: .problem) > 0 { throw ExitCode(OperationError.Kind.failed.exitCode) }
    }
}
