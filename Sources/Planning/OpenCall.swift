/// A call that is in the ledger and not settled yet; its jobs are running.
package struct OpenCall: Hashable, Sendable {
    package var entry: LedgerEntry
    package var jobs: [Job]

    package init(entry: LedgerEntry, jobs: [Job]) {
        self.entry = entry
        self.jobs = jobs
    }
}
