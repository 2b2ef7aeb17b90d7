internal import GRDB
package import Planning

extension Store {
    /// Checks the whole ledger, the tally, jobs and results in one read transaction, so that a running daemon
    /// causes no finding. Rows come one at a time, however many there are.
    ///
    /// Rows that `prune` deleted are no finding.
    ///
    /// - Parameters:
    ///   - accounts: All known accounts, with the limits by which their calls are checked.
    ///   - keptPerCode: How many findings of one code are kept; the others are counted.
    ///   - progress: Gets the number of entries read so far, from time to time.
    package func audit(
        _ accounts: [AccountLimits], at now: Timestamp, keptPerCode: Int = 20,
        progress: (Int) -> Void = { _ in }
    ) throws -> AuditReport {
        try read { db in
            let gaps = try Int64.fetchOne(
                db, sql: "SELECT seq FROM sqlite_sequence WHERE name = ?",
                arguments: [Database.ledgerGaps])
            var audit = LedgerAudit(accounts, keptPerCode: keptPerCode, gapsUpTo: gaps ?? 0)
            try db.eachRecord { record in
                audit.take(record)
                let count = audit.report.summary.calls
                if count.isMultiple(of: 10_000) { progress(count) }
            }
            try audit.compareTally { take in try db.eachTallyRow(take) }
            let lastID = try Int64.fetchOne(
                db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'ledger'")
            var report = audit.finish(at: now, lastID: lastID, hasGaps: db.isPostgreSQL)
            try db.auditRunning(&report)
            try db.auditFinished(&report, lastID: lastID ?? 0)
            try db.auditResults(&report, lastID: lastID ?? 0)
            return report
        }
    }
}

extension Database {
    fileprivate func eachTallyRow(_ body: (TallyRow) -> Void) throws {
        try each(
            """
            SELECT account, endpoint, hour, outcome, calls, products, tokens, drift_up, drift_down,
                   duration_ms, le_100, le_250, le_500, le_1000, le_2500, le_5000, le_10000, le_30000
            FROM tally
            """
        ) { row in
            var within = SIMD8<Int>.zero
            for index in within.indices { within[index] = row["le_\(TallySums.bounds[index])"] }
            body(
                TallyRow(
                    account: row["account"], endpoint: row["endpoint"], hour: row["hour"],
                    outcome: row["outcome"],
                    sums: TallySums(
                        calls: row["calls"], products: row["products"], tokens: row["tokens"],
                        driftUp: row["drift_up"], driftDown: row["drift_down"],
                        durationMilliseconds: row["duration_ms"], within: within)))
        }
    }

    /// Ledger entries in the order of their ids.
    func eachRecord(
        where condition: String = "TRUE", _ arguments: StatementArguments = [],
        _ body: (LedgerRecord) -> Void
    ) throws {
        // A text that is not JSON gets past the table's CHECK only with `ignore_check_constraints`.
        try each(
            """
            SELECT \(LedgerEntry.columns), drift,
                   iif(json_valid(products), json_array_length(products), 0) AS product_count,
                   outcome = 'failed'
                       AND http_status IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) AS is_intercepted
            FROM ledger WHERE \(condition) ORDER BY id
            """,
            [Self.jsonArray(CallOutcome.interceptedStatuses.map(Int64.init))] + arguments
        ) { row in
            body(
                LedgerRecord(
                    entry: LedgerEntry(row), products: row["product_count"],
                    driftTokens: row["drift"],
                    isIntercepted: row["is_intercepted"] as Bool? ?? false))
        }
    }
}
