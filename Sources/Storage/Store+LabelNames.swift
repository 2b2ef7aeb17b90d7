internal import GRDB

extension Store {
    /// Whether a job, open or finished, has the label.
    package func hasLabel(_ label: String) throws -> Bool {
        try read { db in
            try Bool.fetchOne(
                db,
                sql: "SELECT EXISTS (SELECT 1 FROM queue INDEXED BY queue_label WHERE label = ?)",
                arguments: [label]) ?? false
        }
    }

    /// The labels of all jobs in the order of their bytes, at most `limit`. One seek each, within SQL, so
    /// that a text that is not UTF-8 is handled like any other.
    package func labels(limit: Int) throws -> [String] {
        try read { db in
            try String.fetchAll(
                db,
                sql: """
                    WITH RECURSIVE known (label) AS (
                        SELECT min(label) FROM queue INDEXED BY queue_label WHERE label IS NOT NULL
                        UNION ALL
                        SELECT (SELECT min(label) FROM queue INDEXED BY queue_label
                                WHERE label > known.label)
                        FROM known WHERE label IS NOT NULL)
                    SELECT label FROM known WHERE label IS NOT NULL LIMIT ?
                    """,
                arguments: [limit])
        }
    }
}
