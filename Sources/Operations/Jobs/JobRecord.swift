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
