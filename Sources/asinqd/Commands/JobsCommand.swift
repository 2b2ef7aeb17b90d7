import ArgumentParser
import Operations
import Providers
import Scheduling
import Storage

struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "List jobs, latest first.",
        discussion: """
            Without options, the jobs that were enqueued last. A job is listed if it
            matches all options. With --state completed, discarded or cancelled and no
            label, the jobs that finished last come first. The reason of a dead letter is
            on the line below it, with other facts that have no column.

            States: ready jobs may run now, later ones are scheduled, paused ones wait for
            `asinqd resume`, running ones are in a call. completed jobs were answered,
            discarded ones are dead letters, cancelled ones were given up by a person.

            Examples:
              asinqd jobs
              asinqd jobs --state discarded --limit 0
              asinqd jobs --images --label spring --state ready
              asinqd jobs --state discarded --limit 0 --format csv > dead.csv
              asinqd jobs --limit 0 --format jsonl | jq -r .product

            Exit codes: 0 done, even if no job matches; 1 no job has the label; 64 there is
            no such state or account.
            """)

    @OptionGroup var endpoints: EndpointFlags

    @Option(
        help: ArgumentHelp(
            "List only jobs in this state: \(JobState.names.joined(separator: ", ")).",
            valueName: "state"),
        completion: .list(JobState.names), transform: JobState.argument)
    var state: JobState?

    @Option(help: "List only jobs with this label.")
    var label: String?

    @Option(help: "List only jobs that name this account.")
    var account: String?

    @Argument(help: "List only the jobs of this product.")
    var product: String?

    @Option(in: 0...1_000_000_000, help: "List this many jobs; 0 for all.")
    var limit = 20

    @Option(help: "Output format: table, csv, json or jsonl.")
    var format = RowFormat.table

    @Flag(help: "Print a JSON array, as --format json.")
    var json = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if endpoints.names.count > 1 {
            throw ValidationError("Choose one of \(EndpointFlags.text("or")), or none for all.")
        }
        _ = try products
    }

    private var products: [String] {
        get throws { try ProductForm.products(product.map { [$0] } ?? [], endpoints.form) }
    }

    func run() async throws {
        let (_, store) = try await common.store(.read)
        let filter = JobFilter(
            endpoint: endpoints.names.first, account: account, state: state, label: label,
            product: try products.first)
        let buffer = OutputBuffer()
        let layout = JobRecord.layout(width: ReportStyle.ofOutput.width)
        var writer = RowWriter(layout, json ? .json : format, write: buffer.append)
        try writer.begin()
        let count = try JobPage.forEach(
            store, filter, limit: limit == 0 ? nil : limit, at: WallClock.now()
        ) { try writer.append($0) }
        if count == 0, let label { try store.requireKnownLabel(label) }
        try writer.end()
        buffer.flush()
        if count == 0 { Output.error(Self.advice(filter)) }
    }

    private static func advice(_ filter: JobFilter) -> String {
        filter == JobFilter()
            ? "There are no jobs.\nTry: run asinqd enqueue, which adds them."
            : "No job matches.\nTry: remove an option, or run asinqd status for the number of jobs in each state."
    }
}
