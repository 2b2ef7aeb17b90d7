internal import Foundation
internal import GRDB
package import Planning

extension Store {
    /// Reads the queue and the ledger, calls `decide`, and if it returns a call, opens it: in one
    /// transaction, so that nothing can change between reading and claiming.
    ///
    /// While a settlement of the account could not be written, it holds: the ledger does not show a refusal
    /// that the server has sent.
    ///
    /// - Parameters:
    ///   - endpoint: The lane's endpoint, one of `endpoints`.
    ///   - slot: The lane's slot.
    ///   - endpoints: All of the account.
    ///   - now: On a server, its own time is used instead.
    ///   - decide: Gets the state and the time.
    package func claim(
        _ endpoint: Endpoint, slot: Int = 0, among endpoints: [Endpoint], at now: Timestamp,
        decide: (Snapshot, Timestamp) throws -> Decision<CallPlan>
    ) throws -> Decision<OpenCall> {
        if unwritten.contains(endpoint.account) { return .hold(.calling, until: nil) }
        return try write { db in
            let now = try lock(endpoint.account, in: db, at: now)
            // Promoting jobs would notify this daemon.
            if db.isPostgreSQL { try db.execute(sql: "SET LOCAL asinqd.notify = off") }
            try db.clampLedger(of: endpoints, at: now)
            try db.promoteDue(at: endpoint, now: now)
            let snapshot = try db.snapshot(endpoint, slot: slot, among: endpoints, at: now)
            var decision = try decide(snapshot, now)
            if case .call(let plan) = decision, try !db.lockJobs(plan.jobs) {
                // Another program changes some of them now. It is not waited for.
                let left = try db.snapshot(
                    endpoint, slot: slot, among: endpoints, at: now, isLocking: true)
                decision = try decide(left, now)
            }
            return try decision.map {
                try db.open($0, at: endpoint, slot: slot, now: now, by: hostID)
            }
        }
    }

    /// Locks the ledger of an account until the transaction ends. A write transaction of SQLite has the whole
    /// file locked.
    ///
    /// - Returns: The time: on a server its own, read after the wait for the lock, so that of two claims the
    ///   later one has the later time, on whichever hosts they run.
    func lock(_ account: String, in db: Database, at now: Timestamp) throws -> Timestamp {
        guard db.isPostgreSQL else { return now }
        let time = try Int64.fetchOne(db, sql: "SELECT lock_account(?)", arguments: [account])
        return usesServerTime ? time.map(Timestamp.init(milliseconds:)) ?? now : now
    }
}

extension Database {
    /// Promotes scheduled jobs that are due to those that may run at once, in first in, first out order. A
    /// bounded number at a time, the urgent ones first, several batches ahead of a claim.
    fileprivate func promoteDue(at endpoint: Endpoint, now: Timestamp) throws {
        guard let next = try nextDueAt(endpoint), next <= now else { return }
        let statement = try cachedStatement(
            sql: """
                UPDATE queue SET not_before = 0 WHERE id IN (
                    SELECT id FROM queue INDEXED BY queue_scheduled
                    WHERE endpoint = ? AND account IS ? AND priority = ? AND state = 'available'
                      AND not_before > 0 AND not_before <= ?
                    ORDER BY not_before LIMIT ?)
                """)
        var left = endpoint.batchLimit * 10
        for priority in 0...9 {
            for account in endpoint.jobAccounts where left > 0 {
                try statement.execute(arguments: [
                    endpoint.name, account, priority, now.milliseconds, left,
                ])
                left -= changesCount
            }
        }
    }

    /// Locks the rows of jobs that wait, on PostgreSQL: there other programs write at the same time.
    /// - Returns: false if another program has changed or locked one of them.
    fileprivate func lockJobs(_ jobs: [Job]) throws -> Bool {
        guard isPostgreSQL else { return true }
        let locked = try Int64.fetchAll(
            self,
            sql: """
                SELECT id FROM queue
                WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) AND state = 'available'
                FOR UPDATE SKIP LOCKED
                """, arguments: [Self.jsonArray(jobs.map(\.id))])
        return locked.count == jobs.count
    }

    fileprivate func open(
        _ plan: CallPlan, at endpoint: Endpoint, slot: Int, now: Timestamp, by hostID: Int64?
    ) throws -> OpenCall {
        precondition(!plan.jobs.isEmpty && plan.reservedTokens > 0)
        let ids = Self.jsonArray(plan.jobs.map(\.id))
        let insertedID = try Int64.fetchOne(
            cachedStatement(
                sql: """
                    INSERT INTO ledger (account, endpoint, slot, products, reserved, started_at,
                        lease_until\(hostID == nil ? "" : ", host_id"))
                    VALUES (?, ?, ?, (
                        SELECT json_group_array(product) FROM (
                            SELECT queue.product FROM json_each(?) AS taken
                            CROSS JOIN queue ON queue.id = CAST(taken.value AS INTEGER)
                            ORDER BY taken.key) AS part
                    ), ?, ?, ?\(hostID == nil ? "" : ", ?"))
                    RETURNING id
                    """),
            arguments: [
                endpoint.account, endpoint.name, slot, ids, plan.reservedTokens, now.milliseconds,
                plan.leaseUntil.milliseconds,
            ] + (hostID.map { [$0] } ?? []))
        guard let callID = insertedID else { preconditionFailure("RETURNING has a row") }
        try cachedStatement(
            sql: """
                UPDATE queue SET state = 'running', call_id = ?
                WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) AND endpoint = ?
                  AND state = 'available'
                """
        ).execute(arguments: [callID, ids, endpoint.name])
        precondition(changesCount == plan.jobs.count, "they were read in this transaction")
        let entry = LedgerEntry(
            id: callID, account: endpoint.account, endpoint: endpoint.name, slot: slot,
            reserved: plan.reservedTokens, startedAt: now, leaseUntil: plan.leaseUntil)
        let taken = plan.jobs.map { job in
            var taken = job
            taken.lastCallID = callID
            return taken
        }
        return OpenCall(entry: entry, jobs: taken)
    }

    static func jsonArray(_ products: [String]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode(products), as: UTF8.self)
    }

    static func jsonArray(_ ids: [Int64]) -> String {
        "[\(ids.map(String.init).joined(separator: ","))]"
    }

    static func products(inJSON text: String) -> [String] {
        (try? JSONDecoder().decode([String].self, from: Data(text.utf8))) ?? []
    }
}
