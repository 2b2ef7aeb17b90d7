internal import GRDB
package import Planning

extension Store {
    /// Checks one account's calls around an instant, instead of the whole ledger: those that were settled
    /// within a day before it and an hour after it, at most `callsMax` before it. Earlier calls count as
    /// unknown, as after `prune`; sums, jobs and results are not checked.
    package func audit(
        _ account: AccountLimits, around instant: Timestamp, callID: Int64, callsMax: Int = 20_000,
        at now: Timestamp
    ) throws -> AuditReport {
        try read { db in
            var audit = LedgerAudit([account], keptPerCode: .max)
            let ids = try db.endpointReferences().flatMap { endpoint in
                try Int64.fetchAll(
                    db,
                    sql: """
                        SELECT id FROM (
                            SELECT id FROM ledger INDEXED BY ledger_settled
                            WHERE account = ?1 AND endpoint = ?2 AND settled_at BETWEEN ?3 AND ?4
                            ORDER BY settled_at DESC LIMIT ?6)
                        UNION SELECT id FROM ledger INDEXED BY ledger_settled
                        WHERE account = ?1 AND endpoint = ?2 AND settled_at BETWEEN ?4 AND ?5
                        """,
                    arguments: [
                        account.account, endpoint.name, (instant - .day).milliseconds,
                        instant.milliseconds, (instant + .seconds(3_600)).milliseconds, callsMax,
                    ])
            }
            for id in Set(ids + [callID]).sorted() {
                try db.eachRecord(where: "id = ?", [id]) { audit.take($0) }
            }
            return audit.finish(at: now)
        }
    }
}
