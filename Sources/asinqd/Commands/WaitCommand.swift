import ArgumentParser
import Operations
import Storage

struct WaitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Wait until the jobs of a label, of products or of an endpoint are done.",
        discussion: """
            Returns when none of these jobs is open. Paused jobs are open. Jobs that are
            enqueued while it waits count too, unless products are given.

            Examples:
              asinqd wait --label spring --timeout 2h && ./publish
              asinqd wait --images B0086FFHLS
              asinqd wait --barcodes --file asins.txt --timeout 30m --json

            Exit codes: 0 done; 1 done, but some of the jobs are dead letters, or no job
            has the label; 75 the time is over.
            """)

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var time: WaitTime
    @Flag(help: "Print the outcome as JSON.") var json = false
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (_, store) = try await common.store(.read)
        let selections = try selection.selections()
        if let label = selection.label { try store.requireKnownLabel(label) }
        let isFinished = try time.wait(for: AwaitedJobs(selections), store)
        let report = try WaitReport(selections, isFinished: isFinished, in: store)
        if json { try Output.json(report) } else { Output.line(report.text) }
        if !isFinished { throw time.isOver }
        if report.deadLetters > 0 { throw ExitCode(OperationError.Kind.failed.exitCode) }
    }
}

extension WaitCommand: ReadsFiles {
    var inputFiles: [String] { selection.products.files }
}

/// How long a command waits for jobs.
struct WaitTime: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Stop waiting after this time: 10m, 2h. \(SpanArgument.range). Without it, wait until all is done.",
            valueName: "time"),
        transform: SpanArgument.init(text:))
    var timeout: SpanArgument?

    /// - Returns: Whether the jobs are finished; false where the time is over before.
    func wait(
        for jobs: AwaitedJobs, _ store: Store
    ) throws -> Bool {
        let deadline = timeout.map { ContinuousClock.now + $0.duration }
        var (jobs, changes) = (jobs, DatabaseChanges(store))
        if try jobs.areFinished(in: store) { return true }
        if try !store.isWorked {
            Output.error("No daemon is running. The jobs wait for asinqd run.")
        }
        while try changes.next(until: deadline) {
            do {
                if try jobs.areFinished(in: store) { return true }
            } catch StoreError.locked {
                changes.repeatLook()
            }
        }
        return false
    }

    /// The error that ends a command.
    var isOver: OperationError {
        OperationError(
            .tryLater,
            "The time is over, and jobs are still open.\nTry: run asinqd plan, which shows when they will be done."
        )
    }
}
