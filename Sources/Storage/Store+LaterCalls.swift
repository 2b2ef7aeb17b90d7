internal import GRDB
internal import Planning

extension Store {
    /// The calls that may have changed since `earlier` was read, by id: those that were open then, and those
    /// that were opened since.
    ///
    /// - Parameter limit: How many of the latter are returned at most; 1 or more.
    package func calls(after earlier: EarlierCalls, limit: Int) throws -> [LedgerLine] {
        try read { db in
            let open = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT \(LedgerLine.columns) FROM ledger
                        WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) ORDER BY id
                        """), arguments: [Database.jsonArray(earlier.open)])
            let later = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT \(LedgerLine.columns) FROM ledger NOT INDEXED
                        WHERE id > ? ORDER BY id LIMIT ?
                        """), arguments: [earlier.last, limit])
            return (open + later).map { LedgerLine($0) }
        }
    }

    /// The jobs that became dead letters when the call was settled, by id. Those that were retried since are
    /// not among them.
    package func deadLetters(of call: LedgerLine) throws -> [JobLine] {
        guard let settledAt = call.entry.settledAt else { return [] }
        return try read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT \(JobLine.columns) FROM queue INDEXED BY queue_finished
                        WHERE endpoint = ? AND state = 'discarded' AND finished_at IS NOT NULL
                          AND finished_at = ? AND call_id = ?
                        ORDER BY id
                        """),
                arguments: [call.entry.endpoint, settledAt.milliseconds, call.entry.id]
            ).map { JobLine($0, at: settledAt) }
        }
    }
}
