internal import GRDB
package import Planning

extension Store {
    /// The open job of a product at an endpoint, else the last one that is known of it.
    ///
    /// No index has the products of finished jobs: the job is found by the call that brought the result, or
    /// else among the endpoint's dead letters and cancelled jobs, the latest `Database.pageRowsMax` of each.
    package func lastJob(
        of product: String, at endpoint: String, now: Timestamp
    ) throws -> JobLine? {
        try read { db in
            let open = try Row.fetchOne(
                db,
                sql: """
                    SELECT \(JobLine.columns) FROM queue INDEXED BY queue_open
                    WHERE endpoint = ? AND product = ? AND state IN ('available', 'running')
                    ORDER BY id DESC LIMIT 1
                    """, arguments: [endpoint, product])
            let finished = try open ?? db.finishedJob(of: product, at: endpoint)
            return finished.map { JobLine($0, at: now) }
        }
    }
}

extension Database {
    fileprivate func finishedJob(of product: String, at endpoint: String) throws -> Row? {
        let completed = try Row.fetchOne(
            self,
            sql: """
                SELECT \(JobLine.columns) FROM queue INDEXED BY queue_finished
                WHERE endpoint = ?1 AND state = 'completed' AND finished_at IS NOT NULL
                  AND finished_at = (SELECT fetched_at FROM result
                                     WHERE endpoint = ?1 AND product = ?2)
                  AND product = ?2
                ORDER BY id DESC LIMIT 1
                """, arguments: [endpoint, product])
        let others = try ["discarded", "cancelled"].compactMap { state in
            try Row.fetchOne(
                self,
                sql: """
                    SELECT \(JobLine.columns) FROM queue WHERE id = (
                        SELECT id FROM (
                            SELECT id, product FROM queue INDEXED BY queue_finished
                            WHERE endpoint = ? AND state = ? AND finished_at IS NOT NULL
                            ORDER BY finished_at DESC, id DESC LIMIT ?) AS part
                        WHERE product = ? LIMIT 1)
                    """, arguments: [endpoint, state, Self.pageRowsMax, product])
        }
        return (others + [completed].compactMap(\.self)).max {
            ($0["id"] as Int64) < ($1["id"] as Int64)
        }
    }
}
