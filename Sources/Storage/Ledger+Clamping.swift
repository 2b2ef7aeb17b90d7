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
        let back = entries.map { "[\($0.id),\(($0.settledAt! - now).milliseconds)]" }
        try execute(
            sql: """
                UPDATE queue INDEXED BY queue_scheduled SET not_before = max(1, not_before - moved.ahead)
                FROM (SELECT value ->> 0 AS call_id, value ->> 1 AS ahead FROM json_each(?)) AS moved
                WHERE queue.call_id = moved.call_id AND queue.state = 'available'
                  AND queue.not_before > 0
                  AND queue.not_before > ? AND queue.not_before < ?
                """,
            arguments: [
                "[\(back.joined(separator: ","))]", now.milliseconds,
                Store.pausedUntil.milliseconds,
            ])
    }
}
