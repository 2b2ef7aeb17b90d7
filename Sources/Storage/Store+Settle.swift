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
    /// After a failure, no lane of the account makes a call before this settlement is written.
    ///
    /// - Parameters:
    ///   - refused: Gets the reason for each part that was not written.
    ///   - now: When the call ended. On a server, its own time is used instead.
    ///   - resolve: Gets the open entry, those of its jobs that are still running, the ledger and the time.
    /// - Returns: nil, with nothing written, if the entry was settled before: it is settled once.
    package func settle(
        _ callID: Int64, at endpoint: Endpoint, among endpoints: [Endpoint], now: Timestamp,
        refused: (String) -> Void = { _ in },
        resolve: (LedgerEntry, [Job], Ledger, Timestamp) -> Settlement
    ) throws -> Settlement? {
        do {
            let settlement = try write(
                callID, at: endpoint, among: endpoints, now: now, refused: refused,
                resolve: resolve)
            unwritten.remove(callID, of: endpoint.account)
            return settlement
        } catch let error as StoreError {
            unwritten.add(callID, of: endpoint.account)
            throw error
        }
    }

    private func write(
        _ callID: Int64, at endpoint: Endpoint, among endpoints: [Endpoint], now: Timestamp,
        refused: (String) -> Void,
        resolve: (LedgerEntry, [Job], Ledger, Timestamp) -> Settlement
    ) throws -> Settlement? {
        try write { db in
            let read = try db.together { () -> (LedgerEntry, [Job], Ledger, Timestamp)? in
                let now = try lock(endpoint.account, in: db, at: now)
                let calls = try db.entries("id = ? AND settled_at IS NULL", [callID])
                let jobs = try db.all(
                    db.cachedStatement(
                        sql: """
                            SELECT \(Job.columns(endpoint)) FROM queue INDEXED BY queue_running
                            WHERE call_id = ? AND state = 'running' ORDER BY id
                            """), [callID]
                ) { Job($0) }
                guard let call = calls.first else { return nil }
                let failures = jobs.count == 1 ? try db.loneFailures(before: call) : nil
                var ledger = try db.ledger(of: endpoints, asOf: call.startedAt, now: now)
                ledger.loneFailures = failures
                return (call, jobs, ledger, now)
            }
            guard let (call, jobs, ledger, now) = read else { return nil }
            let settlement = resolve(call, jobs, ledger, now)
            precondition(settlement.changes.map(\.job.id) == jobs.map(\.id))

            let refusals = try db.finish {
                var writing = SettlementWriting(db, call, now: now)
                // First: an insert may wait for another program's transaction, and results have a lock on a
                // server.
                for followUp in settlement.followUps { try writing.enqueue(followUp) }
                try writing.changeJobs(settlement.changes, asked: jobs)
                for revived in settlement.revivedCalls { try db.revive(callID: revived) }
                try writing.record(settlement)
                return writing.refusals
            }
            refusals.forEach(refused)
            return settlement
        }
    }

    /// Stores the results of a reply that came after its call was settled as lost: it is paid for, and its jobs
    /// wait again or were in another call since. A later call's result stays. The ledger stays as it is.
    ///
    /// - Returns: How many results were stored.
    package func storeLate(
        _ items: [String: Item], ofCall callID: Int64, at endpoint: Endpoint, now: Timestamp
    ) throws -> Int {
        try write { db in
            let now = try lock(endpoint.account, in: db, at: now)
            guard !endpoint.hasPages,
                try !db.entries(
                    "id = ? AND outcome = ?", [callID, LedgerEntry.Outcome.expired.rawValue]
                ).isEmpty
            else { return 0 }
            let asked = try Row.fetchAll(
                db,
                sql: """
                    SELECT asked.value FROM ledger, json_each(ledger.products) AS asked
                    WHERE ledger.id = ?
                    """, arguments: [callID]
            ).map { $0[0] as String }
            var stored = 0
            for product in asked {
                guard let item = items[product] else { continue }
                let refusal = try db.refusal {
                    try db.storeLate(item, product, endpoint.name, callID, now: now)
                }
                if refusal == nil { stored += db.changesCount }
            }
            return stored
        }
    }
}
