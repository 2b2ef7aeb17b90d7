import ArgumentParser
import Planning
import Scheduling
import Storage

struct PruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Delete what is finished and old. Results stay.",
        discussion: """
            Examples:
              asinqd prune --jobs 30d
              asinqd prune --jobs 30d --dead-letters 90d --ledger 52w
            """)

    @Option(help: ArgumentHelp("Completed and cancelled jobs older than this.", valueName: "span"))
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

    private struct Pruned: Encodable {
        var jobs = 0
        var deadLetters = 0
        var ledgerEntries = 0
    }

    func validate() throws {
        if jobs == nil && deadLetters == nil && ledger == nil {
            throw ValidationError("Say what: --jobs, --dead-letters or --ledger, each with an age.")
        }
    }

    func run() async throws {
        let (_, store) = try await common.store(.write)
        let now = WallClock.now()
        var pruned = Pruned()
        if let jobs {
            pruned.jobs = try store.pruneJobs(
                ["completed", "cancelled"], finishedBefore: now - jobs.duration)
        }
        if let deadLetters {
            pruned.deadLetters = try store.pruneJobs(
                ["discarded"], finishedBefore: now - deadLetters.duration)
        }
        if let ledger {
            pruned.ledgerEntries = try store.pruneLedger(startedBefore: now - ledger.duration)
        }
        if json { return try Output.json(pruned) }
        Output.line(
            """
            deleted \(HumanText.count(pruned.jobs, "job", "jobs")), \
            \(HumanText.count(pruned.deadLetters, "dead letter", "dead letters")), \
            \(HumanText.count(pruned.ledgerEntries, "ledger entry", "ledger entries"))
            """)
    }
}
