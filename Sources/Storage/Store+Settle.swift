internal import GRDB
package import Planning

extension Store {
    /// Writes the effects of a call's end: its ledger entry, its results and its jobs' new states, in one
    /// transaction.
    ///
    /// A write that the schema rejects would be rejected again, and a call that is not settled blocks its
    /// lane and is repeated by the next daemon. So only that part is dropped: a job becomes a dead letter, a
    /// follow-up is not enqueued, and a field of the ledger stays empty. The reason is in the job's `error`
    /// or the entry's `message`.
    ///
    /// - Parameters:
    ///   - refused: Gets the reason for each part that was not written.
    ///   - resolve: Gets the open entry, those of its jobs that are still running, and the ledger.
    /// - Returns: nil, with nothing written, if the entry was settled before: it is settled once.
    package func settle(
        _ callID: Int64, at endpoint: Endpoint, among endpoints: [Endpoint], now: Timestamp,
        refused: (String) -> Void = { _ in },
        resolve: (LedgerEntry, [Job], Ledger) -> Settlement
    ) throws -> Settlement? {
        try write { db in
            guard let call = try db.entries("id = ? AND settled_at IS NULL", [callID]).first
            else { return nil }
            let jobs = try db.all(
                db.cachedStatement(
                    sql: """
                        SELECT \(Job.columns(endpoint)) FROM queue INDEXED BY queue_running
                        WHERE call_id = ? AND state = 'running' ORDER BY id
                        """), [callID]
            ) { Job($0) }
            var ledger = try db.ledger(of: endpoints, asOf: call.startedAt, now: now)
            if jobs.count == 1 { ledger.loneFailures = try db.loneFailures(before: call) }
            let settlement = resolve(call, jobs, ledger)
            precondition(settlement.changes.map(\.job.id) == jobs.map(\.id))

            var writing = SettlementWriting(db, call, now: now)
            try writing.changeJobs(settlement.changes, asked: jobs)
            for followUp in settlement.followUps { try writing.enqueue(followUp) }
            for revived in settlement.revivedCalls { try db.revive(callID: revived) }
            try writing.record(settlement)
            writing.refusals.forEach(refused)
            return settlement
        }
    }
}
