package import Planning
package import Storage

/// Rows that `prune` deletes.
package struct PruneReport: Encodable {
    package var jobs: Int
    package var deadLetters: Int
    package var ledgerEntries: Int
    package var rejectedRows: Int

    init(_ pruned: Pruned) {
        jobs = pruned.jobs
        deadLetters = pruned.deadLetters
        ledgerEntries = pruned.ledgerEntries
        rejectedRows = pruned.rejectedRows
    }

    package var rows: Int { jobs + deadLetters + ledgerEntries + rejectedRows }

    /// For people.
    package var text: String {
        """
        \(HumanText.count(jobs, "job", "jobs")), \
        \(HumanText.count(deadLetters, "dead letter", "dead letters")), \
        \(HumanText.count(ledgerEntries, "ledger entry", "ledger entries")), \
        \(HumanText.count(rejectedRows, "rejected row", "rejected rows"))
        """
    }
}

/// Deletes finished rows that are old, in short transactions.
package struct Pruning {
    private let store: Store
    private let retention: Retention
    private let startedAt: Timestamp

    /// - Parameters:
    ///   - asked: How long rows are kept; without any age, the settings apply.
    ///   - now: The instant from which the ages count.
    package init(_ asked: Retention, _ settings: Settings, _ store: Store, at now: Timestamp) {
        self.store = store
        retention = asked == Retention() ? settings.retention : asked
        startedAt = now
    }

    /// The rows that `run` would delete.
    /// - Throws: `StoreError`
    package func rehearse() throws -> PruneReport {
        PruneReport(try store.prunable(retention, now: startedAt))
    }

    /// - Parameter afterTransaction: Called between two transactions with what was deleted so far; an error
    ///   of it ends the work.
    /// - Throws: `StoreError`, or that error.
    package func run(afterTransaction: (PruneReport) throws -> Void) throws -> PruneReport {
        var pruned = Pruned()
        while true {
            let some = try store.prune(retention, now: startedAt)
            if some.rows == 0 { return PruneReport(pruned) }
            pruned += some
            try afterTransaction(PruneReport(pruned))
        }
    }
}
