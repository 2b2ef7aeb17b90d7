internal import GRDB
package import Planning

extension Store {
    /// Writes what a call's end means: its ledger entry, its results and where its jobs go, in one
    /// transaction.
    ///
    /// - Parameters:
    ///   - serverAt: What the server's clock said with its reply.
    ///   - resolve: Gets the open entry with the server's time, those of its jobs that are still running,
    ///     and the ledger.
    /// - Returns: nil, with nothing written, if the entry was settled before: it is settled once.
    package func settle(
        _ callID: Int64, at endpoint: Endpoint, among endpoints: [Endpoint], now: Timestamp,
        serverAt: Timestamp? = nil, resolve: (LedgerEntry, [Job], Ledger) -> Settlement
    ) throws -> Settlement? {
        try write { db in
            guard var call = try db.entries("id = ? AND settled_at IS NULL", [callID]).first
            else { return nil }
            call.serverAt = serverAt
            let jobs = try db.all(
                db.cachedStatement(
                    sql: """
                        SELECT \(Job.columns) FROM queue INDEXED BY queue_running
                        WHERE call_id = ? AND state = 'running' ORDER BY id
                        """), [callID]
            ) { Job($0) }
            var ledger = try db.ledger(of: endpoints, asOf: call.startedAt, now: now)
            if jobs.count == 1 { ledger.loneFailures = try db.loneFailures(before: call) }
            let settlement = resolve(call, jobs, ledger)
            precondition(settlement.changes.map(\.job.id) == jobs.map(\.id))

            try db.record(settlement, of: call, now: now)
            var completed: [Job] = []
            for (asked, change) in zip(jobs, settlement.changes) {
                switch change {
                case .completed(let job, let item):
                    try db.store(item, of: asked, endpoint.name, callID: callID, now: now)
                    completed.append(job)
                case .continued(let job, let item):
                    try db.store(item, of: asked, endpoint.name, callID: callID, now: now)
                    try db.goOn(job, callID: callID)
                case .available(let job, let notBefore):
                    try db.putBack(job, notBefore: notBefore, callID: callID)
                case .discarded(let job, let error):
                    try db.discard(job, error: error, callID: callID, now: now)
                }
            }
            try db.complete(completed, callID: callID, now: now)
            for lookUp in settlement.lookUps { try db.enqueue(lookUp, now: now) }
            for revived in settlement.revivedCalls { try db.revive(callID: revived) }
            return settlement
        }
    }
}

extension Database {
    fileprivate func record(
        _ settlement: Settlement, of call: LedgerEntry, now: Timestamp
    ) throws {
        try cachedStatement(
            sql: """
                UPDATE ledger SET settled_at = ?, outcome = ?, charged = ?, http_status = ?,
                    daily_left = ?, daily_reset_at = ?, drift = ?, retry_at = ?, message = ?,
                    full_at = ?, daily_pool = ?, server_at = ?
                WHERE id = ? AND settled_at IS NULL
                """
        ).execute(arguments: [
            now.milliseconds, settlement.outcome.rawValue, settlement.chargedTokens,
            settlement.httpStatus, settlement.dailyLeft, settlement.dailyResetAt?.milliseconds,
            settlement.driftTokens, settlement.retryAt?.milliseconds, settlement.message,
            settlement.fullAt?.milliseconds, settlement.dailyPool, call.serverAt?.milliseconds,
            call.id,
        ])
        precondition(changesCount == 1, "call \(call.id) was read in this transaction")
    }

    fileprivate func complete(_ jobs: [Job], callID: Int64, now: Timestamp) throws {
        guard !jobs.isEmpty else { return }
        try cachedStatement(
            sql: """
                UPDATE queue SET state = 'completed', finished_at = ?
                WHERE id IN (SELECT value FROM json_each(?)) AND call_id = ?
                  AND state = 'running'
                """
        ).execute(arguments: [now.milliseconds, Self.jsonArray(jobs.map(\.id)), callID])
        precondition(changesCount == jobs.count)
    }

    fileprivate func putBack(_ job: Job, notBefore: Timestamp?, callID: Int64) throws {
        try cachedStatement(
            sql: """
                UPDATE queue SET state = 'available', not_before = ?, failures = ?, snoozes = ?,
                    batch_limit = ?
                WHERE id = ? AND call_id = ? AND state = 'running'
                """
        ).execute(arguments: [
            notBefore?.milliseconds ?? 0, job.failures, job.snoozes, job.batchLimit, job.id, callID,
        ])
        precondition(changesCount == 1)
    }

    /// A page has come, and the job waits for the next one.
    fileprivate func goOn(_ job: Job, callID: Int64) throws {
        try cachedStatement(
            sql: """
                UPDATE queue SET state = 'available', not_before = 0, failures = ?, pages_done = ?,
                    page_offset = ?
                WHERE id = ? AND call_id = ? AND state = 'running'
                """
        ).execute(arguments: [job.failures, job.pagesDone, job.pageOffset, job.id, callID])
        precondition(changesCount == 1)
    }

    /// The code that a job's answer leads to gets a job of its own. A product that leads to none gets
    /// none.
    fileprivate func enqueue(_ lookUp: LookUp, now: Timestamp) throws {
        let job = try cachedStatement(
            sql: "SELECT product, priority, label FROM queue WHERE id = ?")
        guard let row = try Row.fetchOne(job, arguments: [lookUp.jobID]),
            let code = try code(of: row[0], notFreshSince: lookUp.freshSince)
        else { return }
        try cachedStatement(
            sql: """
                INSERT OR IGNORE INTO queue (product, endpoint, priority, label, enqueued_at)
                VALUES (?, 'lookup', ?, ?, ?)
                """
        ).execute(arguments: [code, row[1] as Int, row[2] as String?, now.milliseconds])
    }

    /// The dead letters of a call go back into the queue, but for a product that has an open job by now.
    fileprivate func revive(callID: Int64) throws {
        try cachedStatement(
            sql: """
                UPDATE OR IGNORE queue SET state = 'available', not_before = 0, finished_at = NULL,
                    error = NULL
                WHERE id IN (SELECT queue.id FROM ledger
                             JOIN queue ON queue.endpoint = ledger.endpoint
                                 AND queue.state = 'discarded' AND queue.finished_at >= ledger.settled_at
                             WHERE ledger.id = ?1 AND queue.call_id = ?1)
                """
        ).execute(arguments: [callID])
    }

    /// The failures in a row of the one product that `call` carries, back to the endpoint's last call
    /// that was another product's, was answered, or never left: nil where there are none.
    fileprivate func loneFailures(before call: LedgerEntry) throws -> LoneFailures? {
        let row = try Row.fetchOne(
            cachedStatement(
                sql: """
                    SELECT min(started_at), count(*) FROM ledger
                    WHERE endpoint = ?1 AND id < ?2 AND outcome = 'failed' AND id > (
                        SELECT coalesce(max(id), 0) FROM (
                            SELECT id FROM ledger
                            WHERE endpoint = ?1 AND id < ?2
                              AND (products = (SELECT products FROM ledger WHERE id = ?2)
                                   AND (outcome IN ('rate_limited', 'expired')
                                        OR outcome = 'failed' AND charged > 0)) IS NOT TRUE
                            ORDER BY id DESC LIMIT 1))
                    """), arguments: [call.endpoint, call.id])
        guard let row, let since = row[0] as Int64? else { return nil }
        return LoneFailures(since: Timestamp(milliseconds: since), calls: row[1])
    }

    fileprivate func discard(_ job: Job, error: String, callID: Int64, now: Timestamp) throws {
        try cachedStatement(
            sql: """
                UPDATE queue SET state = 'discarded', finished_at = ?, failures = ?, error = ?
                WHERE id = ? AND call_id = ? AND state = 'running'
                """
        ).execute(arguments: [now.milliseconds, job.failures, error, job.id, callID])
        precondition(changesCount == 1)
    }
}
