internal import GRDB
internal import Planning

/// Writes one settlement, within its transaction, without the parts that the schema rejects.
struct SettlementWriting {
    /// The beginning of the error of a job whose answer the schema rejected.
    static let notStored = "not_stored: "

    private let db: Database
    private let call: LedgerEntry
    /// When the call ended.
    private let settledAt: Timestamp
    /// Why parts were not written.
    private(set) var refusals: [String] = []

    init(_ db: Database, _ call: LedgerEntry, now: Timestamp) {
        self.db = db
        self.call = call
        settledAt = now
    }

    /// Writes all changes together; if that is rejected, one by one, and a job whose change is rejected
    /// becomes a dead letter.
    ///
    /// - Parameter asked: The jobs as they were when the call was made, in the order of `changes`.
    mutating func changeJobs(_ changes: [JobChange], asked: [Job]) throws {
        let all = Array(zip(asked, changes))
        guard try db.refusal(of: { try changeJobs(all) }) != nil else { return }
        for one in all {
            guard let reason = try db.refusal(of: { try changeJobs([one]) }) else { continue }
            let error = Self.notStored + reason
            refusals.append("job \(one.0.id): \(error)")
            try discard(one.1.job, error: error)
        }
    }

    private func changeJobs(_ changes: [(asked: Job, change: JobChange)]) throws {
        var completed: [Job] = []
        for (asked, change) in changes {
            switch change {
            case .completed(let job, let item):
                try db.store(item, of: asked, call, now: settledAt)
                completed.append(job)
            case .continued(let job, let item):
                try db.store(item, of: asked, call, now: settledAt)
                try enqueueNextPage(job)
            case .available(let job, let notBefore): try putBack(job, notBefore: notBefore)
            case .discarded(let job, let error): try discard(job, error: error)
            }
        }
        try complete(completed)
    }

    /// Adds a job for the product that a job's answer leads to, for the same account if that is one of its
    /// provider's. If it is rejected, the answered job gets the reason.
    mutating func enqueue(_ followUp: FollowUp) throws {
        let reason = try db.refusal {
            try db.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO queue (product, endpoint, account, priority, label, enqueued_at)
                    SELECT ?1, ?2,
                        (SELECT name FROM account WHERE name = queue.account AND provider =
                            (SELECT provider FROM endpoint WHERE name = ?2)),
                        priority, label, CAST(?3 AS INTEGER)
                    FROM queue WHERE id = ?4 AND NOT EXISTS (
                        SELECT 1 FROM result
                        WHERE endpoint = ?2 AND product = ?1 AND fetched_at >= ?5)
                    """
            ).execute(arguments: [
                followUp.product, followUp.endpoint, settledAt.milliseconds, followUp.jobID,
                followUp.freshSince.milliseconds,
            ])
        }
        guard let reason else { return }
        let error = "lookup_not_enqueued: \(reason)"
        refusals.append("job \(followUp.jobID): \(error)")
        try db.cachedStatement(sql: "UPDATE queue SET error = ? WHERE id = ?")
            .execute(arguments: [ColumnText.cut(error), followUp.jobID])
    }

    /// Runs last, because an entry is settled once, and contains the reason for earlier rejections.
    mutating func record(_ settlement: Settlement) throws {
        var settlement = settlement
        if let first = refusals.first {
            let more = refusals.count > 1 ? " (and \(refusals.count - 1) more)" : ""
            settlement.message = [settlement.message, first + more].compactMap(\.self)
                .joined(separator: "; ")
        }
        guard let reason = try db.refusal(of: { try write(settlement) })
        else { return }
        refusals.append("call \(call.id): \(reason)")
        // Fields that the next calls depend on stay; fields that a reply may have wrong are dropped.
        try write(
            Settlement(
                outcome: settlement.outcome, chargedTokens: settlement.chargedTokens,
                retryAt: settlement.retryAt, fullAt: settlement.fullAt,
                message: [reason, settlement.message].compactMap(\.self).joined(separator: "; "),
                changes: []))
    }

    private func write(_ settlement: Settlement) throws {
        try db.cachedStatement(
            sql: """
                UPDATE ledger SET settled_at = ?, outcome = ?, charged = ?, http_status = ?,
                    daily_left = ?, daily_reset_at = ?, drift = ?, retry_at = ?, message = ?,
                    full_at = ?, daily_pool = ?, server_at = ?, sent_at = ?
                WHERE id = ? AND settled_at IS NULL
                """
        ).execute(
            arguments: [
                settledAt.milliseconds, settlement.outcome.rawValue, settlement.chargedTokens,
                settlement.httpStatus, settlement.dailyRemaining,
                settlement.dailyResetAt?.milliseconds,
                settlement.driftTokens, settlement.retryAt?.milliseconds,
                settlement.message.map(ColumnText.cut), settlement.fullAt?.milliseconds,
                settlement.dailyPool, settlement.serverAt?.milliseconds,
                settlement.sentAt?.milliseconds, call.id,
            ], changes: 1)
    }

    private func complete(_ jobs: [Job]) throws {
        guard !jobs.isEmpty else { return }
        try db.cachedStatement(
            sql: """
                UPDATE queue SET state = 'completed', finished_at = ?
                WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) AND call_id = ?
                  AND state = 'running'
                """
        ).execute(
            arguments: [settledAt.milliseconds, Database.jsonArray(jobs.map(\.id)), call.id],
            changes: jobs.count)
    }

    private func putBack(_ job: Job, notBefore: Timestamp?) throws {
        try db.cachedStatement(
            sql: """
                UPDATE queue SET state = 'available', not_before = ?, failures = ?, snoozes = ?,
                    batch_limit = ?
                WHERE id = ? AND call_id = ? AND state = 'running'
                """
        ).execute(
            arguments: [
                notBefore?.milliseconds ?? 0, job.failures, job.snoozes, job.batchLimit, job.id,
                call.id,
            ], changes: 1)
    }

    /// Makes the job wait for its next page.
    private func enqueueNextPage(_ job: Job) throws {
        try db.cachedStatement(
            sql: """
                UPDATE queue SET state = 'available', not_before = 0, failures = ?, pages_done = ?,
                    page_offset = ?
                WHERE id = ? AND call_id = ? AND state = 'running'
                """
        ).execute(
            arguments: [job.failures, job.pagesDone, job.pageOffset, job.id, call.id], changes: 1)
    }

    private func discard(_ job: Job, error: String) throws {
        try db.cachedStatement(
            sql: """
                UPDATE queue SET state = 'discarded', finished_at = ?, failures = ?, error = ?
                WHERE id = ? AND call_id = ? AND state = 'running'
                """
        ).execute(
            arguments: [
                settledAt.milliseconds, job.failures, ColumnText.cut(error), job.id, call.id,
            ], changes: 1)
    }
}
