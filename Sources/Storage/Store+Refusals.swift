internal import GRDB
package import Planning

extension Store {
    /// The calls of an endpoint of an account that the server refused by a limit, settled within a time, the
    /// latest first.
    package func refusals(
        at endpoint: Endpoint, from start: Timestamp, to end: Timestamp, limit: Int
    ) throws -> [LedgerLine] {
        try read { db in
            try db.all(
                db.cachedStatement(
                    sql: """
                        SELECT \(LedgerLine.columns) FROM ledger INDEXED BY ledger_settled
                        WHERE account = ? AND endpoint = ? AND settled_at BETWEEN ? AND ?
                          AND outcome = 'rate_limited'
                        ORDER BY settled_at DESC, id DESC LIMIT ?
                        """),
                [
                    endpoint.account, endpoint.name, start.milliseconds, end.milliseconds, limit,
                ]
            ) { LedgerLine($0) }
        }
    }
}
