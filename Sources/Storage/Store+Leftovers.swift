internal import GRDB
internal import Planning

/// A job that is still open, and the server's message of its last call.
package struct LeftJob: Equatable, Sendable {
    package var product: String
    package var error: String?

    package init(product: String, error: String? = nil) {
        self.product = product
        self.error = error
    }
}

/// The calls of a moment. Those that happened since are the later ones, and the end of those that were open: a
/// daemon is responsible for these from its start on.
package struct EarlierCalls: Hashable, Sendable {
    package var last: Int64
    package var open: [Int64]

    package init(last: Int64, open: [Int64]) {
        self.last = last
        self.open = open
    }
}

extension Store {
    package func earlierCalls() throws -> EarlierCalls {
        try read { db in
            EarlierCalls(
                last: try Int64.fetchOne(db, sql: "SELECT max(id) FROM ledger") ?? 0,
                open: try Int64.fetchAll(
                    db, sql: "SELECT id FROM ledger WHERE settled_at IS NULL ORDER BY id"))
        }
    }

    /// The number of dead letters, by endpoint, whose last call was settled by a daemon that started after
    /// `calls`.
    package func deadLetters(after calls: EarlierCalls) throws -> [String: Int] {
        try read { db in
            var counts: [String: Int] = [:]
            try db.each(
                """
                SELECT endpoint, count(*) FROM queue INDEXED BY queue_finished
                WHERE state = 'discarded' AND finished_at IS NOT NULL
                  AND (call_id > ? OR call_id IN (SELECT CAST(value AS INTEGER) FROM json_each(?)))
                GROUP BY endpoint
                """, [calls.last, Database.jsonArray(calls.open)]
            ) { counts[$0[0]] = $0[1] }
            return counts
        }
    }

    /// Open jobs of an endpoint that are not paused, in the order of their products.
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

    /// The labels of jobs that are paused individually, nil for jobs without one.
    package func pausedLabels(at endpoint: String, limit: Int) throws -> [String?] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT label FROM queue INDEXED BY queue_scheduled
                    WHERE endpoint = ? AND state = 'available' AND not_before > 0
                      AND not_before = ? ORDER BY label NULLS FIRST LIMIT ?
                    """,
                arguments: [endpoint, Self.pausedUntil.milliseconds, limit]
            ).map { $0[0] }
        }
    }
}
