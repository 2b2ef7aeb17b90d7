internal import GRDB
package import Planning

extension Store {
    /// Checks the calls around one, instead of the whole ledger: from the first of its account's calls that
    /// were settled within a day before it to the last one within an hour after it, at most `callsMax` before
    /// it. Earlier calls count as unknown, as after `prune`; sums, jobs and results are not checked.
    ///
    /// The calls of other accounts in between are read too, because the audit forgets all levels at a gap.
    package func audit(
        _ accounts: [AccountLimits], around call: LedgerEntry, callsMax: Int = 20_000,
        at now: Timestamp
    ) throws -> AuditReport {
        try read { db in
            let instant = call.settledAt ?? call.startedAt
            var range = (first: call.id, last: call.id)
            for endpoint in try db.endpointReferences() {
                let row = try Row.fetchOne(
                    db,
                    sql: """
                        SELECT min(id), max(id) FROM ledger INDEXED BY ledger_settled
                        WHERE account = ? AND endpoint = ? AND settled_at BETWEEN ? AND ?
                        """,
                    arguments: [
                        call.account, endpoint.name, (instant - .day).milliseconds,
                        (instant + .seconds(3_600)).milliseconds,
                    ])
                range.first = min(range.first, row?[0] ?? call.id)
                range.last = max(range.last, row?[1] ?? call.id)
            }
            var audit = LedgerAudit(accounts, keptPerCode: .max)
            try db.eachRecord(
                where: "id BETWEEN ? AND ?",
                [
                    max(range.first, call.id - Int64(callsMax)),
                    min(range.last, call.id + Int64(callsMax)),
                ]
            ) { audit.take($0) }
            return audit.finish(at: now, hasGaps: db.isPostgreSQL)
        }
    }
}
