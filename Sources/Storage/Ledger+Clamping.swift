internal import GRDB
internal import Planning

extension Database {
    /// Entries settled ahead of `now` show that the clock was set back. Their instants move back as
    /// `LedgerEntry.clamped` defines, and so do the times of the jobs that their calls deferred.
    func clampLedger(of endpoints: [Endpoint], at now: Timestamp) throws {
        for endpoint in endpoints {
            let ahead = try entries(
                "account = ? AND endpoint = ? AND settled_at > ?",
                [endpoint.account, endpoint.name, now.milliseconds])
            if ahead.isEmpty { continue }
            try clamp(ahead, to: now)
        }
    }

    private func clamp(_ entries: [LedgerEntry], to now: Timestamp) throws {
        for entry in entries {
            let moved = entry.clamped(to: now)
            try execute(
                sql: """
                    UPDATE ledger SET settled_at = ?, retry_at = ?, full_at = ?, daily_reset_at = ?
                    WHERE id = ?
                    """,
                arguments: [
                    moved.settledAt?.milliseconds, moved.retryAt?.milliseconds,
                    moved.fullAt?.milliseconds, moved.dailyResetAt?.milliseconds, entry.id,
                ])
        }
        let aheads = entries.map { ($0.settledAt! - now).milliseconds }
        try execute(
            sql: """
                UPDATE queue INDEXED BY queue_scheduled SET not_before = max(1, not_before - moved.ahead)
                FROM (SELECT CAST(call.value AS INTEGER) AS call_id,
                             CAST(shift.value AS INTEGER) AS ahead
                      FROM json_each(?) AS call JOIN json_each(?) AS shift ON shift.key = call.key)
                    AS moved
                WHERE queue.call_id = moved.call_id AND queue.state = 'available'
                  AND queue.not_before > 0
                  AND queue.not_before > ? AND queue.not_before < ?
                """,
            arguments: [
                Self.jsonArray(entries.map(\.id)), Self.jsonArray(aheads), now.milliseconds,
                Store.pausedUntil.milliseconds,
            ])
    }
}
