internal import Foundation
internal import GRDB
package import Planning
internal import PostgreSQL

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
        // On a server another program may change one of the jobs between the read and the claim. It is not waited
        // for: the claim decides again about those that it can lock.
        for isLocking in [false, true] {
            let decision = try write { db in
                let ownTime = usesServerTime && db.isPostgreSQL ? nil : now
                let (now, snapshot) = try db.state(
                    endpoint, slot: slot, among: endpoints, at: ownTime, isLocking: isLocking
                ) { try lock(endpoint.account, in: db, at: now, notifies: false) }
                return try decide(snapshot, now).map {
                    try db.open($0, at: endpoint, slot: slot, now: now, by: hostID)
                }
            }
            guard case .call(nil) = decision else { return decision.map { $0! } }
        }
        preconditionFailure("jobs that are locked can be claimed")
    }

    /// Locks the ledger of an account until the transaction ends. A write transaction of SQLite has the whole
    /// file locked.
    ///
    /// - Parameter notifies: Whether a server notifies of what this transaction writes to the queue.
    /// - Returns: The time: on a server its own, read after the wait for the lock, so that of two claims the
    ///   later one has the later time, on whichever hosts they run.
    func lock(
        _ account: String, in db: Database, at now: Timestamp, notifies: Bool = true
    ) throws -> Timestamp {
        guard db.isPostgreSQL else { return now }
        let time = try Int64.fetchOne(
            db, sql: "SELECT lock_account(?), set_config('asinqd.notify', ?, true)",
            arguments: [account, notifies ? "on" : "off"])
        return usesServerTime ? time.map(Timestamp.init(milliseconds:)) ?? now : now
    }
}

extension Database {
    /// What a claim decides by, after what the passing of time changes is written.
    ///
    /// - Parameters:
    ///   - ownTime: nil: the server's.
    ///   - lock: Locks the account's ledger and returns the time.
    fileprivate func state(
        _ endpoint: Endpoint, slot: Int, among endpoints: [Endpoint], at ownTime: Timestamp?,
        isLocking: Bool, lock: () throws -> Timestamp
    ) throws -> (Timestamp, Snapshot) {
        func snapshot(_ now: Timestamp) throws -> Snapshot {
            try self.snapshot(
                endpoint, slot: slot, among: endpoints, at: now, isLocking: isLocking)
        }
        let (now, found) = try together {
            let now = try lock()
            // In the same round trip as the lock and the reads.
            if isPostgreSQL { try promoteDueOnServer(at: endpoint, now: ownTime) }
            return (now, try snapshot(now))
        }
        // The last calls are among the entries.
        let isSetBack = found.ledger.entries.contains { $0.settledAt.map { $0 > now } ?? false }
        let isDue = !isPostgreSQL && found.nextDueAt.map { $0 <= now } ?? false
        guard isSetBack || isDue else { return (now, found) }
        if isSetBack { try clampLedger(of: endpoints, at: now) }
        // Clamping moves jobs as well.
        if isPostgreSQL {
            try promoteDueOnServer(at: endpoint, now: now)
        } else {
            try promoteDue(at: endpoint, now: now)
        }
        return (now, try together { try snapshot(now) })
    }

    /// How many jobs are promoted at a time: several batches ahead of a claim.
    private func promotedMost(_ endpoint: Endpoint) -> Int { endpoint.batchLimit * 10 }

    /// Promotes scheduled jobs that are due to those that may run at once, in first in, first out order, the
    /// urgent ones first.
    private func promoteDue(at endpoint: Endpoint, now: Timestamp) throws {
        guard let next = try nextDueAt(endpoint), next <= now else { return }
        let statement = try cachedStatement(
            sql: """
                UPDATE queue SET not_before = 0 WHERE id IN (
                    SELECT id FROM queue INDEXED BY queue_scheduled
                    WHERE endpoint = ? AND account IS ? AND priority = ? AND state = 'available'
                      AND not_before > 0 AND not_before <= ?
                    ORDER BY not_before LIMIT ?)
                """)
        var left = promotedMost(endpoint)
        for priority in 0...9 {
            for account in endpoint.jobAccounts where left > 0 {
                try statement.execute(arguments: [
                    endpoint.name, account, priority, now.milliseconds, left,
                ])
                left -= changesCount
            }
        }
    }

    /// The same by a function of the server.
    /// - Parameter now: nil: the server's time.
    private func promoteDueOnServer(at endpoint: Endpoint, now: Timestamp?) throws {
        _ = try Int64.fetchOne(
            self, sql: "SELECT promote_due(?, ?, ?, ?)",
            arguments: [
                endpoint.name, Self.jsonArray(endpoint.jobAccounts.map { $0 ?? "" }),
                promotedMost(endpoint), now?.milliseconds,
            ])
    }

    /// Writes the call and takes its jobs.
    /// - Returns: nil on a server if another program changes one of the jobs.
    fileprivate func open(
        _ plan: CallPlan, at endpoint: Endpoint, slot: Int, now: Timestamp, by hostID: Int64?
    ) throws -> OpenCall? {
        precondition(!plan.jobs.isEmpty && plan.reservedTokens > 0)
        let ids = Self.jsonArray(plan.jobs.map(\.id))
        let values: StatementArguments = [
            endpoint.account, endpoint.name, slot, ids, plan.reservedTokens, now.milliseconds,
            plan.leaseUntil.milliseconds,
        ]
        let callID: Int64
        switch connection {
        case .sqlite:
            callID = try insertCall(values, at: endpoint.name, ids, jobCount: plan.jobs.count)
        case .postgreSQL(let transaction):
            let opened = try transaction.commit(
                after: PostgreSQLStatement(
                    "SELECT open_call($1, $2, $3, $4, $5, $6, $7, $8)",
                    (values + [hostID]).texts))
            guard let id = opened?.integer(row: 0, column: 0) else { return nil }
            callID = id
        }
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

    private func insertCall(
        _ values: StatementArguments, at endpoint: String, _ ids: String, jobCount: Int
    ) throws -> Int64 {
        let insertedID = try Int64.fetchOne(
            cachedStatement(
                sql: """
                    INSERT INTO ledger (account, endpoint, slot, products, reserved, started_at,
                        lease_until)
                    VALUES (?, ?, ?, (
                        SELECT json_group_array(product) FROM (
                            SELECT queue.product FROM json_each(?) AS taken
                            CROSS JOIN queue ON queue.id = CAST(taken.value AS INTEGER)
                            ORDER BY taken.key) AS part
                    ), ?, ?, ?)
                    RETURNING id
                    """), arguments: values)
        guard let callID = insertedID else { preconditionFailure("RETURNING has a row") }
        try cachedStatement(
            sql: """
                UPDATE queue SET state = 'running', call_id = ?
                WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) AND endpoint = ?
                  AND state = 'available'
                """
        ).execute(arguments: [callID, ids, endpoint], changes: jobCount)
        return callID
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
