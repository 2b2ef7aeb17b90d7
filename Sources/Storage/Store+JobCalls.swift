internal import GRDB
internal import Planning

extension Store {
    /// The latest calls for a job, the latest first: calls at its endpoint with its product, from the last one
    /// that took it back to when it was enqueued, among the `Database.pageRowsMax` calls before that.
    ///
    /// The ledger has products, not jobs: a call for another job of the same product that names another
    /// account is included if the two were open at the same time.
    package func calls(for job: JobLine, limit: Int) throws -> [LedgerLine] {
        guard let last = job.callID else { return [] }
        let filter = LedgerFilter(
            endpoint: job.endpoint, product: job.product, since: job.enqueuedAt)
        return try calls(filter, limit: limit, after: PageKey(instant: 0, id: last &+ 1)).items
    }

    /// The jobs whose last call this is. Jobs that a later call took since are not among them.
    package func jobIDs(of call: LedgerLine) throws -> [Int64] {
        let asked = try Database.jsonArray(call.products)
        return try read { db in
            try Int64.fetchAll(
                db,
                sql: """
                    SELECT id FROM queue INDEXED BY queue_running
                    WHERE state = 'running' AND call_id = ?1
                    UNION
                    SELECT queue.id FROM json_each(?2) AS asked
                    CROSS JOIN queue INDEXED BY queue_open
                        ON queue.endpoint = ?3 AND queue.product = asked.value
                    WHERE state IN ('available', 'running') AND call_id = ?1
                    UNION
                    SELECT id FROM queue INDEXED BY queue_finished
                    WHERE endpoint = ?3 AND state IN ('completed', 'discarded', 'cancelled')
                      AND finished_at IS NOT NULL AND finished_at = ?4 AND call_id = ?1
                    ORDER BY 1
                    """,
                arguments: [
                    call.entry.id, asked, call.entry.endpoint, call.entry.settledAt?.milliseconds,
                ])
        }
    }
}
