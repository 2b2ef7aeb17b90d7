internal import GRDB
package import Planning

/// The jobs, calls and result of a product at one endpoint.
package struct ProductHistory: Equatable, Sendable {
    /// The latest first: all open ones, and finished ones as far as they can be found.
    package var jobs: [JobLine]
    /// The latest first.
    package var calls: [LedgerLine]
    package var result: ResultLine?

    package var isEmpty: Bool { jobs.isEmpty && calls.isEmpty && result == nil }
}

extension Store {
    /// No index has the products of finished jobs and of calls. Calls are those among the endpoint's latest
    /// `Database.pageRowsMax`; if the product is in none of these, those up to the last call that a job or the
    /// result names. Finished jobs are found by the end of these calls, and among the endpoint's latest dead
    /// letters and cancelled jobs, `Database.pageRowsMax` of each.
    ///
    /// - Parameters:
    ///   - jobsMax: How many jobs are returned at most, and `callsMax` how many calls.
    package func history(
        of product: String, at endpoint: String, jobsMax: Int, callsMax: Int, now: Timestamp
    ) throws -> ProductHistory {
        try read { db in
            let result = try result(product, at: endpoint)
            var found = try db.jobs(of: product, at: endpoint)
            let filter = LedgerFilter(endpoint: endpoint, product: product)
            var calls = try self.calls(filter, limit: callsMax, after: nil).items
            let named: [Int64?] = found.map { $0["call_id"] } + [result?.callID]
            if calls.isEmpty, let last = named.compactMap(\.self).max() {
                calls = try self.calls(
                    filter, limit: callsMax, after: PageKey(id: last &+ 1)
                ).items
            }
            let ends =
                calls.compactMap(\.entry.settledAt) + [result?.result.fetchedAt].compactMap(\.self)
            found += try db.jobs(of: product, at: endpoint, finishedAt: ends)
            let byID = found.reduce(into: [Int64: JobLine]()) {
                $0[$1["id"]] = JobLine($1, at: now)
            }
            return ProductHistory(
                jobs: Array(byID.values.sorted { $0.id > $1.id }.prefix(jobsMax)), calls: calls,
                result: result)
        }
    }
}

extension Database {
    /// Open jobs, dead letters and cancelled jobs.
    fileprivate func jobs(of product: String, at endpoint: String) throws -> [Row] {
        let open = try Row.fetchAll(
            self,
            sql: """
                SELECT \(JobLine.columns) FROM queue INDEXED BY queue_open
                WHERE endpoint = ? AND product = ? AND state IN ('available', 'running')
                """, arguments: [endpoint, product])
        return try ["discarded", "cancelled"].reduce(into: open) { rows, state in
            rows += try Row.fetchAll(
                self,
                sql: """
                    SELECT \(JobLine.columns) FROM queue WHERE id IN (
                        SELECT id FROM (
                            SELECT id, product FROM queue INDEXED BY queue_finished
                            WHERE endpoint = ? AND state = ? AND finished_at IS NOT NULL
                            ORDER BY finished_at DESC, id DESC LIMIT ?) AS part
                        WHERE product = ?)
                    """, arguments: [endpoint, state, Self.pageRowsMax, product])
        }
    }

    /// Jobs that finished at one of these instants.
    fileprivate func jobs(
        of product: String, at endpoint: String, finishedAt ends: [Timestamp]
    ) throws -> [Row] {
        try Row.fetchAll(
            self,
            sql: """
                SELECT \(JobLine.columns) FROM queue WHERE id IN (
                    SELECT queue.id FROM json_each(?) AS ended
                    CROSS JOIN queue INDEXED BY queue_finished
                        ON queue.endpoint = ? AND queue.state IN ('completed', 'discarded')
                            AND queue.finished_at = CAST(ended.value AS INTEGER)
                    WHERE queue.finished_at IS NOT NULL AND queue.product = ?)
                """,
            arguments: [Self.jsonArray(ends.map(\.milliseconds)), endpoint, product])
    }
}
