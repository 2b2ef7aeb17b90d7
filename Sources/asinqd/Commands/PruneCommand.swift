import ArgumentParser
import Operations
import Scheduling
import Storage

struct PruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Delete old finished jobs and ledger entries; keep results.",
        discussion: """
            Without an option, the settings apply: keep.jobsDays and keep.rejectedDays are
            30 by default, keep.deadLettersDays and keep.ledgerDays are 365, and 0 keeps
            the rows for ever. The daemon prunes by itself once a day.

            Before it deletes, the command prints how many rows it will delete; --dry-run
            stops there. Transactions are small, so other programs get their turn between
            them. An interrupted command can be repeated. The file keeps its size; SQLite
            reuses the freed space.

            An age is a number and a unit: s, min, h, d or w. m alone is refused, because
            it could mean minutes or months.

            Examples:
              asinqd prune --dry-run
              asinqd prune
              asinqd prune --jobs 7d
              asinqd prune --jobs 30d --dead-letters 90d --ledger 52w
            """)

    @Option(
        help: ArgumentHelp(
            "Delete completed and cancelled jobs older than this: 30d, 12h, 2w.", valueName: "age"),
        transform: AgeArgument.init)
    var jobs: AgeArgument?

    @Option(
        help: ArgumentHelp("Delete dead letters older than this.", valueName: "age"),
        transform: AgeArgument.init)
    var deadLetters: AgeArgument?

    @Option(
        help: ArgumentHelp(
            "Delete ledger entries older than this, except the last 100 of each endpoint.",
            valueName: "age"),
        transform: AgeArgument.init)
    var ledger: AgeArgument?

    @Option(
        help: ArgumentHelp(
            "Delete rows older than this that the inbox rejected.", valueName: "age"),
        transform: AgeArgument.init)
    var rejected: AgeArgument?

    @Flag(help: "Print what would be deleted, and change nothing.") var dryRun = false

    @Flag(help: "Print the counts as JSON.") var json = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (settings, store) = try await common.store(dryRun ? .read : .write)
        let pruning = Pruning(
            Retention(
                jobs: jobs?.duration, deadLetters: deadLetters?.duration, ledger: ledger?.duration,
                rejected: rejected?.duration),
            settings, store, at: WallClock.now())
        let prunable = try pruning.rehearse()
        if dryRun { return try print(prunable, "would delete") }
        if !json && prunable.rows > 0 { Output.error("deleting \(prunable.text)") }
        var bulk = BulkChange(store)
        let pruned = try pruning.run { pruned in
            let rows = max(pruned.rows, prunable.rows)
            try bulk.afterTransaction(
                "deleted \(HumanText.number(pruned.rows)) of \(HumanText.number(rows)) rows")
        }
        bulk.end()
        try print(pruned, "deleted")
    }

    private func print(_ report: PruneReport, _ verb: String) throws {
        if json { try Output.json(report) } else { Output.line("\(verb) \(report.text)") }
    }
}
