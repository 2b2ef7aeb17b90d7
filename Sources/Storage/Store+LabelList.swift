internal import Foundation
internal import GRDB
package import Planning

/// A label with its jobs at one endpoint.
package struct LabelLine: Equatable, Sendable {
    /// As people read it.
    package var label: String
    /// The label's bytes, by which the next page continues.
    package var bytes: [UInt8]
    package var counts: [String: JobCounts]
}

extension Store {
    /// The labels of all jobs in the order of their bytes, with the number of each one's jobs by endpoint.
    /// Labels are sought one by one; all jobs of the labels of a page are counted in the indexes.
    ///
    /// - Parameters:
    ///   - bytes: The label of the last line of the page before; nil for the first page.
    ///   - limit: 1 or more.
    package func labels(
        after bytes: [UInt8]?, limit: Int, at now: Timestamp
    ) throws -> [LabelLine] {
        try read { db in
            let found = try Data.fetchAll(
                db,
                sql: """
                    WITH RECURSIVE known (label) AS (
                        SELECT (SELECT min(label) FROM queue INDEXED BY queue_label
                                WHERE label > CAST(?1 AS TEXT))
                        UNION ALL
                        SELECT (SELECT min(label) FROM queue INDEXED BY queue_label
                                WHERE label > known.label)
                        FROM known WHERE label IS NOT NULL)
                    SELECT CAST(label AS BLOB) FROM known WHERE label IS NOT NULL LIMIT ?2
                    """,
                arguments: [Data(bytes ?? []), limit])
            return try found.map { label in
                LabelLine(
                    label: String(shown: label), bytes: Array(label),
                    counts: try db.counts(ofLabel: label, at: now))
            }
        }
    }
}

extension Database {
    fileprivate func counts(
        ofLabel label: Data, at now: Timestamp
    ) throws -> [String: JobCounts] {
        var counts: [String: JobCounts] = [:]
        try each(
            """
            SELECT endpoint, state, count(*) FROM queue INDEXED BY queue_label
            WHERE label = CAST(? AS TEXT) AND state <> 'available' GROUP BY endpoint, state
            """, [label]
        ) { row in
            let path: WritableKeyPath<JobCounts, Int> =
                switch row[1] as String {
                case "running": \.running
                case "completed": \.completed
                case "discarded": \.discarded
                default: \.cancelled
                }
            counts[row[0], default: JobCounts()][keyPath: path] = row[2]
        }
        let paused = Store.pausedUntil.milliseconds
        try each(
            """
            SELECT endpoint, count(*) FILTER (WHERE not_before <= ?1),
                count(*) FILTER (WHERE not_before > ?1 AND not_before < ?2),
                count(*) FILTER (WHERE not_before = ?2)
            FROM queue INDEXED BY queue_label_waiting
            WHERE label = CAST(?3 AS TEXT) AND state = 'available' GROUP BY endpoint
            """, [min(now.milliseconds, paused - 1), paused, label]
        ) { row in
            counts[row[0], default: JobCounts()].ready = row[1]
            counts[row[0], default: JobCounts()].later = row[2]
            counts[row[0], default: JobCounts()].paused = row[3]
        }
        return counts
    }
}
