internal import GRDB
package import Planning

/// How long what is over is kept; nil: for ever. Results are kept always: they are what was paid for, and
/// there is one for each product, however often it is asked for.
package struct Retention: Equatable, Sendable {
    /// Completed and cancelled jobs.
    package var jobs: Duration?
    package var deadLetters: Duration?
    /// Settled calls, save the last hundred of each endpoint, which the limits may still need.
    package var ledger: Duration?

    package init(jobs: Duration? = nil, deadLetters: Duration? = nil, ledger: Duration? = nil) {
        self.jobs = jobs
        self.deadLetters = deadLetters
        self.ledger = ledger
    }
}

/// How many rows were deleted.
package struct Pruned: Equatable, Sendable {
    package var jobs = 0
    package var deadLetters = 0
    package var ledgerEntries = 0

    package init() {}

    package var rows: Int { jobs + deadLetters + ledgerEntries }

    package static func += (left: inout Pruned, right: Pruned) {
        left.jobs += right.jobs
        left.deadLetters += right.deadLetters
        left.ledgerEntries += right.ledgerEntries
    }
}

extension Store {
    /// Deletes some of what is older than `retention` says. The transaction is bounded, so that others
    /// are not kept waiting: whoever wants all of it gone asks again until nothing was deleted.
    ///
    /// - Parameter rowsMost: In this transaction.
    package func prune(
        _ retention: Retention, now: Timestamp, rowsMost: Int = 1_000
    ) throws -> Pruned {
        try write { db in
            var pruned = Pruned()
            if let age = retention.jobs {
                pruned.jobs = try db.pruneJobs(
                    ["completed", "cancelled"], finishedBefore: now - age, most: rowsMost)
            }
            if let age = retention.deadLetters {
                pruned.deadLetters = try db.pruneJobs(
                    ["discarded"], finishedBefore: now - age, most: rowsMost - pruned.rows)
            }
            if let age = retention.ledger {
                pruned.ledgerEntries = try db.pruneLedger(
                    startedBefore: now - age, most: rowsMost - pruned.rows)
            }
            return pruned
        }
    }
}

extension Database {
    fileprivate func pruneJobs(
        _ states: [String], finishedBefore limit: Timestamp, most: Int
    ) throws -> Int {
        try execute(
            sql: """
                DELETE FROM queue WHERE id IN (
                    SELECT id FROM queue
                    WHERE endpoint IN ('images', 'barcodes', 'lookup', 'search')
                      AND finished_at < ? AND state IN (SELECT value FROM json_each(?))
                    LIMIT ?)
                """,
            arguments: [limit.milliseconds, try Self.jsonArray(states), most])
        return changesCount
    }

    /// Looks at each endpoint's first entries only: those behind them are younger. Where the clock was
    /// set in between, some stay for another day.
    fileprivate func pruneLedger(startedBefore limit: Timestamp, most: Int) throws -> Int {
        try execute(
            sql: """
                WITH kept AS MATERIALIZED (
                    SELECT value AS endpoint,
                        (SELECT id FROM ledger WHERE endpoint = value
                         ORDER BY id DESC LIMIT 1 OFFSET 99) AS first
                    FROM json_each('["images","barcodes","lookup","search"]'))
                DELETE FROM ledger WHERE id IN (
                    SELECT oldest.value FROM kept, json_each((
                        SELECT json_group_array(id) FROM (
                            SELECT id FROM (
                                SELECT id, started_at, settled_at FROM ledger
                                WHERE ledger.endpoint = kept.endpoint AND id < kept.first
                                ORDER BY id LIMIT ?1)
                            WHERE started_at < ?2 AND settled_at IS NOT NULL))) AS oldest
                    LIMIT ?1)
                """,
            arguments: [most, limit.milliseconds])
        return changesCount
    }
}
