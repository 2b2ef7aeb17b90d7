internal import GRDB
internal import Planning

/// A job that is still to be done, and what the server said to its last call.
package struct LeftJob: Equatable, Sendable {
    package var product: String
    package var error: String?

    package init(product: String, error: String? = nil) {
        self.product = product
        self.error = error
    }
}

extension Store {
    /// Where the calls begin that a daemon which starts now answers for: after the last one that is
    /// settled before any that is open.
    package func lastSettledCall() throws -> Int64 {
        try read { db in
            try Int64.fetchOne(
                db,
                sql: """
                    SELECT coalesce(
                        (SELECT min(id) - 1 FROM ledger WHERE settled_at IS NULL),
                        (SELECT max(id) FROM ledger), 0)
                    """) ?? 0
        }
    }

    /// Dead letters by endpoint whose last call came after this one.
    package func deadLetters(afterCall callID: Int64) throws -> [String: Int] {
        try read { db in
            var counts: [String: Int] = [:]
            try db.each(
                """
                SELECT endpoint, count(*) FROM queue INDEXED BY queue_finished
                WHERE state = 'discarded' AND finished_at IS NOT NULL AND call_id > ?
                GROUP BY endpoint
                """, [callID]
            ) { counts[$0[0]] = $0[1] }
            return counts
        }
    }

    /// Jobs of an endpoint that are still to be done and not paused, in the order of their products.
    package func leftJobs(at endpoint: String, limit: Int) throws -> [LeftJob] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT product,
                           (SELECT coalesce(message, outcome) FROM ledger
                            WHERE ledger.id = queue.call_id AND outcome <> 'succeeded')
                    FROM queue INDEXED BY queue_open
                    WHERE endpoint = ? AND state IN ('available', 'running') AND not_before <> ?
                    ORDER BY product LIMIT ?
                    """,
                arguments: [endpoint, Self.pausedUntil.milliseconds, limit]
            ).map { LeftJob(product: $0[0], error: $0[1]) }
        }
    }

    /// The labels of jobs that are paused one by one, nil for those without one.
    package func pausedLabels(at endpoint: String, limit: Int) throws -> [String?] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT label FROM queue INDEXED BY queue_later
                    WHERE endpoint = ? AND state = 'available' AND not_before > 0
                      AND not_before = ? ORDER BY label LIMIT ?
                    """,
                arguments: [endpoint, Self.pausedUntil.milliseconds, limit]
            ).map { $0[0] }
        }
    }
}
