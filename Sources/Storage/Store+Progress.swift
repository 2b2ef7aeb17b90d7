internal import GRDB
package import Planning

/// Whether the calls at an endpoint of an account succeed, according to its ledger.
package struct EndpointProgress: Equatable, Sendable {
    /// When its last call began or was settled; nil if there was none.
    package var lastActivityAt: Timestamp?
    /// Calls since the last one that succeeded, and when the first of them began.
    package var unansweredCalls: Int
    package var unansweredSince: Timestamp?
}

extension Store {
    package func progress(at endpoint: Endpoint) throws -> EndpointProgress {
        try read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*), min(started_at),
                        (SELECT max(coalesce(settled_at, started_at)) FROM (
                            SELECT settled_at, started_at FROM ledger
                            WHERE account = ?2 AND endpoint = ?1 ORDER BY id DESC LIMIT 64) AS part)
                    FROM ledger
                    WHERE account = ?2 AND endpoint = ?1 AND settled_at IS NOT NULL AND id > coalesce(
                        (SELECT id FROM ledger WHERE account = ?2 AND endpoint = ?1 AND outcome = 'succeeded'
                         ORDER BY id DESC LIMIT 1), 0)
                    """,
                arguments: [endpoint.name, endpoint.account])
            func instant(_ index: Int) -> Timestamp? {
                (row?[index] as Int64?).map(Timestamp.init(milliseconds:))
            }
            return EndpointProgress(
                lastActivityAt: instant(2), unansweredCalls: row?[0] ?? 0,
                unansweredSince: instant(1))
        }
    }
}
