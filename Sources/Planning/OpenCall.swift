/// A call in the ledger that is not settled yet; its jobs are running.
package struct OpenCall: Hashable, Sendable {
    package var entry: LedgerEntry
    package var jobs: [Job]

    package init(entry: LedgerEntry, jobs: [Job]) {
        self.entry = entry
        self.jobs = jobs
    }
}
