internal import GRDB
package import Planning

/// How long finished rows are kept; nil: for ever. Results are always kept: they were paid for, and there is
/// one for each product, however often it is requested.
package struct Retention: Equatable, Sendable {
    /// Completed and cancelled jobs.
    package var jobs: Duration?
    package var deadLetters: Duration?
    /// Settled calls, except the last hundred of each endpoint of an account, which the limits may still
    /// need.
    package var ledger: Duration?
    /// Rows that the inbox rejected.
    package var rejected: Duration?

    package init(
        jobs: Duration? = nil, deadLetters: Duration? = nil, ledger: Duration? = nil,
        rejected: Duration? = nil
    ) {
        self.jobs = jobs
        self.deadLetters = deadLetters
        self.ledger = ledger
        self.rejected = rejected
    }
}

/// How many rows were deleted, or would be.
package struct Pruned: Equatable, Sendable {
    package var jobs = 0
    package var deadLetters = 0
    package var ledgerEntries = 0
    package var rejectedRows = 0

    package init() {}

    package var rows: Int { jobs + deadLetters + ledgerEntries + rejectedRows }

    package static func += (left: inout Pruned, right: Pruned) {
        left.jobs += right.jobs
        left.deadLetters += right.deadLetters
        left.ledgerEntries += right.ledgerEntries
        left.rejectedRows += right.rejectedRows
    }
}

extension Store {
    /// Deletes some of the rows that are older than `retention` allows. The transaction is bounded, so that
    /// other writers do not wait long: to delete all of them, call it until nothing was deleted.
    ///
    /// - Parameter rowsMax: The most rows of this transaction.
    package func prune(
        _ retention: Retention, now: Timestamp, rowsMax: Int = 1_000
    ) throws -> Pruned {
        try write { db in
            var pruned = Pruned()
            if let age = retention.jobs {
                pruned.jobs = try db.pruneJobs(
                    Self.finishedStates, finishedBefore: now - age, most: rowsMax)
            }
            if let age = retention.deadLetters {
                pruned.deadLetters = try db.pruneJobs(
                    Self.deadLetterStates, finishedBefore: now - age, most: rowsMax - pruned.rows)
            }
            if let age = retention.ledger {
                pruned.ledgerEntries = try db.pruneLedger(
                    startedBefore: now - age, most: rowsMax - pruned.rows)
            }
            if let age = retention.rejected {
                pruned.rejectedRows = try db.pruneRejected(
                    before: now - age, most: rowsMax - pruned.rows)
            }
            return pruned
        }
    }
}

extension Store {
    /// Counts the rows that `prune` would delete if it were repeated to the end, without changing anything. A
    /// few entries of the ledger stay for another day if the clock was set in between.
    package func prunable(_ retention: Retention, now: Timestamp) throws -> Pruned {
        try read { db in
            var prunable = Pruned()
            if let age = retention.jobs {
                prunable.jobs = try db.countJobs(Self.finishedStates, finishedBefore: now - age)
            }
            if let age = retention.deadLetters {
                prunable.deadLetters = try db.countJobs(
                    Self.deadLetterStates, finishedBefore: now - age)
            }
            if let age = retention.ledger {
                prunable.ledgerEntries = try db.countLedger(startedBefore: now - age)
            }
            if let age = retention.rejected {
                prunable.rejectedRows = try db.countRejected(before: now - age)
            }
            return prunable
        }
    }

    fileprivate static let finishedStates = ["completed", "cancelled"]
    fileprivate static let deadLetterStates = ["discarded"]
}

extension Database {
    private static let finishedBefore = """
        endpoint IN (SELECT name FROM endpoint) AND finished_at < ?
        AND state IN (SELECT value FROM json_each(?))
        """

    fileprivate func countJobs(_ states: [String], finishedBefore limit: Timestamp) throws -> Int {
        try Int.fetchOne(
            self, sql: "SELECT count(*) FROM queue WHERE \(Self.finishedBefore)",
            arguments: [limit.milliseconds, try Self.jsonArray(states)]) ?? 0
    }

    fileprivate func countLedger(startedBefore limit: Timestamp) throws -> Int {
        try Int.fetchOne(
            self,
            sql: """
                WITH \(Self.kept)
                SELECT count(*) FROM kept CROSS JOIN ledger
                    ON ledger.account = kept.account AND ledger.endpoint = kept.endpoint
                WHERE ledger.id < kept.first AND started_at < ? AND settled_at IS NOT NULL
                """,
            arguments: [limit.milliseconds]) ?? 0
    }

    /// The first of the last hundred entries of each endpoint of an account.
    private static let kept = """
        pair (account, endpoint) AS (
            SELECT account.name, endpoint.name FROM account JOIN endpoint USING (provider)),
        kept AS MATERIALIZED (
            SELECT account, endpoint,
                (SELECT id FROM ledger
                 WHERE ledger.account = pair.account AND ledger.endpoint = pair.endpoint
                 ORDER BY id DESC LIMIT 1 OFFSET 99) AS first
            FROM pair)
        """

    fileprivate func pruneJobs(
        _ states: [String], finishedBefore limit: Timestamp, most: Int
    ) throws -> Int {
        try execute(
            sql: """
                DELETE FROM queue WHERE id IN (
                    SELECT id FROM queue WHERE \(Self.finishedBefore) LIMIT ?)
                """,
            arguments: [limit.milliseconds, try Self.jsonArray(states), most])
        return changesCount
    }

    fileprivate func countRejected(before limit: Timestamp) throws -> Int {
        try Int.fetchOne(
            self, sql: "SELECT count(*) FROM rejected WHERE at < ?",
            arguments: [limit.milliseconds]) ?? 0
    }

    /// No index has their instants. The first rows are the oldest, so this reads few others until none is
    /// left to delete.
    fileprivate func pruneRejected(before limit: Timestamp, most: Int) throws -> Int {
        try execute(
            sql: """
                DELETE FROM rejected WHERE id IN (
                    SELECT id FROM rejected WHERE at < ? ORDER BY id LIMIT ?)
                """,
            arguments: [limit.milliseconds, most])
        return changesCount
    }

    /// Reads each endpoint's first entries only: those after them are younger. If the clock was set in
    /// between, some stay for another day.
    fileprivate func pruneLedger(startedBefore limit: Timestamp, most: Int) throws -> Int {
        try execute(
            sql: """
                WITH \(Self.kept)
                DELETE FROM ledger WHERE id IN (
                    SELECT CAST(oldest.value AS INTEGER) FROM kept, json_each((
                        SELECT json_group_array(id) FROM (
                            SELECT id FROM (
                                SELECT id, started_at, settled_at FROM ledger
                                WHERE ledger.account = kept.account
                                  AND ledger.endpoint = kept.endpoint AND id < kept.first
                                ORDER BY id LIMIT ?1) AS part
                            WHERE started_at < ?2 AND settled_at IS NOT NULL) AS part)) AS oldest
                    LIMIT ?1)
                """,
            arguments: [most, limit.milliseconds])
        return changesCount
    }
}
