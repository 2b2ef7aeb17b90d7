internal import GRDB
internal import Planning

extension Database {
    /// Returns the dead letters of a call to the queue, except those whose product has an open job.
    func revive(callID: Int64) throws {
        let ids = try Int64.fetchAll(
            cachedStatement(
                sql: """
                    SELECT queue.id FROM ledger
                    JOIN queue ON queue.endpoint = ledger.endpoint
                        AND queue.state = 'discarded' AND queue.finished_at >= ledger.settled_at
                    WHERE ledger.id = ?1 AND queue.call_id = ?1 ORDER BY queue.id
                    """), arguments: [callID])
        let revival = try cachedStatement(
            sql: """
                UPDATE queue SET state = 'available', not_before = 0, finished_at = NULL, error = NULL
                WHERE id = ?
                """)
        // A second open job of a product is refused.
        for id in ids { _ = try refusal { try revival.execute(arguments: [id]) } }
    }

    /// The consecutive failures of the one product that `call` carries, back to the endpoint's last call that
    /// was for another product, was answered, or never left: nil if there are none.
    func loneFailures(before call: LedgerEntry) throws -> LoneFailures? {
        let row = try Row.fetchOne(
            cachedStatement(
                sql: """
                    SELECT min(started_at), count(*) FROM ledger
                    WHERE account = ?3 AND endpoint = ?1 AND id < ?2 AND outcome = 'failed' AND id > (
                        SELECT coalesce(max(id), 0) FROM (
                            SELECT id FROM ledger
                            WHERE account = ?3 AND endpoint = ?1 AND id < ?2
                              AND (CAST(products AS TEXT)
                                       = (SELECT CAST(products AS TEXT) FROM ledger WHERE id = ?2)
                                   AND (outcome IN ('rate_limited', 'expired')
                                        OR outcome = 'failed' AND charged > 0)) IS NOT TRUE
                            ORDER BY id DESC LIMIT 1) AS part)
                    """), arguments: [call.endpoint, call.id, call.account])
        guard let row, let since = row[0] as Int64? else { return nil }
        return LoneFailures(since: Timestamp(milliseconds: since), calls: row[1])
    }
}
