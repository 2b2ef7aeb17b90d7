import ArgumentParser
import Planning
import Scheduling
import Storage

struct PruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Delete what is finished and old. Results stay.",
        discussion: """
            Without an option, as the settings have it: keep.jobsDays is 30 by default,
            keep.deadLettersDays and keep.ledgerDays are 365, and 0 keeps them for ever.
            The daemon does that by itself once a day. Transactions are small, so that
            others can work meanwhile. The file keeps its length; what is freed in it is
            used again.

            Examples:
              asinqd prune
              asinqd prune --jobs 7d
              asinqd prune --jobs 30d --dead-letters 90d --ledger 52w
            """)

    @Option(
        help: ArgumentHelp(
            "Completed and cancelled jobs older than this: 30d, 12h, 2w.", valueName: "span"))
    var jobs: SpanArgument?

    @Option(help: ArgumentHelp("Dead letters older than this.", valueName: "span"))
    var deadLetters: SpanArgument?

    @Option(
        help: ArgumentHelp(
            "Ledger entries older than this; the last 100 of each endpoint stay.", valueName: "span"
        ))
    var ledger: SpanArgument?

    @Flag(help: "Print the counts as JSON.") var json = false

    @OptionGroup var common: CommonOptions

    private struct Counts: Encodable {
        var jobs: Int
        var deadLetters: Int
        var ledgerEntries: Int
    }

    func run() async throws {
        let (settings, store) = try await common.store(.write)
        let asked = Retention(
            jobs: jobs?.duration, deadLetters: deadLetters?.duration, ledger: ledger?.duration)
        let retention = asked == Retention() ? settings.retention : asked
        let now = WallClock.now()
        var pruned = Pruned()
        var progress = ProgressLine()
        while true {
            let some = try store.prune(retention, now: now)
            if some.rows == 0 { break }
            pruned += some
            progress.show("deleted \(HumanText.number(pruned.rows)) rows")
            try DaemonLock.checkpointInDaemonsPlace(store, logBytesMost: LogKeeper.movedBytes)
        }
        progress.clear()
        if json {
            return try Output.json(
                Counts(
                    jobs: pruned.jobs, deadLetters: pruned.deadLetters,
                    ledgerEntries: pruned.ledgerEntries))
        }
        Output.line(
            """
            deleted \(HumanText.count(pruned.jobs, "job", "jobs")), \
            \(HumanText.count(pruned.deadLetters, "dead letter", "dead letters")), \
            \(HumanText.count(pruned.ledgerEntries, "ledger entry", "ledger entries"))
            """)
    }
}
