internal import Providers
package import Storage

/// A job. Its JSON is a contract: fields are added, never renamed.
package struct JobRecord: Encodable {
    package var id: Int64
    package var endpoint: String
    package var product: String
    /// The account that the job names; absent: any shared one.
    package var account: String?
    package var state: JobState
    package var priority: Int
    package var label: String?
    package var enqueuedAt: String
    /// Absent for a job that may run at once, and for a paused one.
    package var notBefore: String?
    package var failures: Int
    package var snoozes: Int
    /// The last call that took it.
    package var callID: Int64?
    package var finishedAt: String?
    package var error: String?
    /// How many pages it fetches at most, and how many it has fetched; absent where answers have no pages.
    package var pages: Int?
    package var pagesDone: Int?
    /// Whether the code that its answer leads to is looked up.
    package var thenLookup: Bool

    package init(_ job: JobLine) {
        let hasPages = Catalog.current.endpoint(named: job.endpoint)?.hasPages ?? false
        id = job.id
        endpoint = job.endpoint
        product = job.product
        account = job.account
        state = job.state
        priority = job.priority
        label = job.label
        enqueuedAt = HumanText.iso(job.enqueuedAt)
        notBefore = job.notBefore.map(HumanText.iso)
        failures = job.failures
        snoozes = job.snoozes
        callID = job.callID
        finishedAt = job.finishedAt.map(HumanText.iso)
        error = job.error
        pages = hasPages ? job.pages : nil
        pagesDone = hasPages ? job.pagesDone : nil
        thenLookup = job.thenLookup
    }
}

extension JobRecord {
    /// A row a job.
    ///
    /// - Parameter width: The columns of a line for people.
    package static func layout(width: Int) -> RowLayout<JobRecord> {
        let text = JobText(width: width)
        let columns: [(name: String, cell: (JobRecord) -> Cell)] = [
            ("id", { .integer(Int($0.id)) }), ("endpoint", { .text($0.endpoint) }),
            ("product", { .text($0.product) }), ("account", { .text($0.account) }),
            ("state", { .text($0.state.rawValue) }), ("priority", { .integer($0.priority) }),
            ("label", { .text($0.label) }), ("enqueued_at", { .text($0.enqueuedAt) }),
            ("not_before", { .text($0.notBefore) }), ("failures", { .integer($0.failures) }),
            ("snoozes", { .integer($0.snoozes) }),
            ("call_id", { .integer($0.callID.map { Int($0) }) }),
            ("finished_at", { .text($0.finishedAt) }), ("error", { .text($0.error) }),
            ("pages", { .integer($0.pages) }), ("pages_done", { .integer($0.pagesDone) }),
            ("then_lookup", { .flag($0.thenLookup) }),
        ]
        return RowLayout(
            heading: text.heading, lines: text.lines, columns: columns.map(\.name),
            cells: { job in [columns.map { $0.cell(job).csv }] },
            object: { try JSONText.object($0) })
    }
}
