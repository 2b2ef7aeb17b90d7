import ArgumentParser
import Operations
import Planning
import Providers
import Scheduling
import Storage

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Replay the ledger and verify limits, charges and balances.",
        discussion: """
            Checks that each call was within every limit, reserved and charged by the
            tariff, and settled once; that jobs and results match their calls; that each
            balance is explained; and that the hourly sums equal the calls, for days that
            the ledger holds in full. Each call is compared with the limits that were in
            force when it was made. Changes nothing; a daemon may be running.

            A problem breaks a rule. A note is an explained difference: another client on
            the key, a lost reply, a refusal, a clock that was set back.

            Tokens are counted for each pool and never added across pools. Where calls
            drew from several pools, the sums in the JSON's summary are null, and
            summary.pools has the sums of each pool.

            Examples:
              asinqd audit
              asinqd audit --limit 0
              asinqd audit --json | jq .problems

            Exit codes: 0 no problem, 1 problems found.
            """)

    @Option(
        in: 0...1_000_000, help: "List this many findings of each code; count the rest.")
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
