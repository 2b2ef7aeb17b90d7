internal import GRDB
package import Planning

/// Jobs of one endpoint by their condition.
package struct JobCounts: Equatable, Sendable {
    /// May run at once.
    package var ready = 0
    /// Scheduled for a later time.
    package var later = 0
    /// Deferred until a person resumes them.
    package var paused = 0
    package var running = 0
    package var completed = 0
    package var discarded = 0
    package var cancelled = 0

    package init() {}

    /// Jobs that wait for their turn or their time.
    package var waiting: Int { ready + later }
    /// Jobs that finish without a person: all open ones that are not paused.
    package var unpaused: Int { waiting + running }
    package var open: Int { unpaused + paused }
    package var total: Int { open + completed + discarded + cancelled }

    package static func += (left: inout JobCounts, right: JobCounts) {
        left.ready += right.ready
        left.later += right.later
        left.paused += right.paused
        left.running += right.running
        left.completed += right.completed
        left.discarded += right.discarded
        left.cancelled += right.cancelled
    }
}

extension Store {
    /// Jobs by endpoint, counted from the indexes alone.
    package func jobCounts(at now: Timestamp) throws -> [String: JobCounts] {
        try read { db in
            var counts: [String: JobCounts] = [:]
            try db.each(
                """
                SELECT endpoint, count(*) FROM queue INDEXED BY queue_ready
                WHERE state = 'available' AND not_before = 0 AND failures = 0 GROUP BY endpoint
                UNION ALL
                SELECT endpoint, count(*) FROM queue INDEXED BY queue_retry
                WHERE state = 'available' AND not_before = 0 AND failures > 0 GROUP BY endpoint
                """
            ) { counts[$0[0], default: JobCounts()].ready += $0[1] }
            try db.each(
                """
                SELECT endpoint, not_before > \(now.milliseconds),
                       not_before = \(Self.pausedUntil.milliseconds), count(*)
                FROM queue INDEXED BY queue_scheduled
                WHERE state = 'available' AND not_before > 0 GROUP BY 1, 2, 3
                """
            ) { row in
                let isLater: Bool = row[1]
                let isPaused: Bool = row[2]
                let path: WritableKeyPath<JobCounts, Int> =
                    isPaused ? \.paused : isLater ? \.later : \.ready
                counts[row[0], default: JobCounts()][keyPath: path] += row[3]
            }
            try db.each(
                """
                SELECT endpoint, count(*) FROM queue INDEXED BY queue_running
                WHERE state = 'running' GROUP BY endpoint
                """
            ) { counts[$0[0], default: JobCounts()].running += $0[1] }
            try db.each(
                """
                SELECT endpoint, state, count(*) FROM queue INDEXED BY queue_finished
                WHERE finished_at IS NOT NULL GROUP BY endpoint, state
                """
            ) { row in
                let state: String = row[1]
                let path: WritableKeyPath<JobCounts, Int> =
                    switch state {
                    case "completed": \.completed
                    case "discarded": \.discarded
                    default: \.cancelled
                    }
                counts[row[0], default: JobCounts()][keyPath: path] += row[2]
            }
            return counts
        }
    }

    /// The last call of `endpoint` that did not succeed, if any.
    package func lastError(at endpoint: Endpoint) throws -> LedgerLine? {
        try read { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT \(LedgerLine.columns) FROM ledger
                    WHERE account = ? AND endpoint = ? AND outcome IS NOT NULL
                      AND outcome <> 'succeeded'
                    ORDER BY settled_at DESC, id DESC LIMIT 1
                    """,
                arguments: [endpoint.account, endpoint.name]
            ).map { LedgerLine($0) }
        }
    }

    /// The same, unless a later call succeeded: then the error is in the ledger only.
    package func lastError(at endpoint: Endpoint, asOf ledger: Ledger) throws -> LedgerLine? {
        let lastID = ledger.lastSettled(at: endpoint.name)?.id
        return try lastError(at: endpoint).flatMap { $0.entry.id == lastID ? $0 : nil }
    }

    /// Dead letters, the latest first.
    package func deadLetters(at endpoint: String, limit: Int) throws -> [DeadLetter] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT product, error, finished_at FROM queue INDEXED BY queue_finished
                    WHERE endpoint = ? AND state = 'discarded' AND finished_at IS NOT NULL
                    ORDER BY finished_at DESC LIMIT ?
                    """,
                arguments: [endpoint, limit]
            ).map { row in
                DeadLetter(
                    product: row[0], error: row[1],
                    discardedAt: Timestamp(milliseconds: row[2]))
            }
        }
    }
}

/// A discarded job, and the reason.
package struct DeadLetter: Equatable, Sendable {
    package var product: String
    package var error: String
    package var discardedAt: Timestamp
}

extension Database {
    func each(_ sql: String, _ arguments: StatementArguments = [], _ body: (Row) throws -> Void)
        throws
    {
        let rows = try Row.fetchCursor(cachedStatement(sql: sql), arguments: arguments)
        while let row = try rows.next() { try body(row) }
    }
}
