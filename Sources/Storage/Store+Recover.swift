internal import GRDB
package import Planning

/// The leftovers that a daemon found at its start.
package struct Recovered: Equatable, Sendable {
    /// Calls that another daemon left open.
    package var expired: [LedgerEntry] = []
    /// Jobs that were running without an open call.
    package var orphans = 0
}

extension Store {
    /// A daemon's first step for each account; a start is a reason to try a refused key again.
    ///
    /// No other daemon works on a file, so calls that are open now are lost. On a server another host may still
    /// make them: there they are lost when their lease is over. Until then the planner waits for them.
    ///
    /// - Parameters:
    ///   - endpoints: All of one account.
    ///   - expire: Gets each open entry with its endpoint, its jobs, the ledger and the time.
    package func recover(
        _ endpoints: [Endpoint], now: Timestamp,
        expire: (LedgerEntry, Endpoint, [Job], Ledger, Timestamp) -> Settlement
    ) throws -> Recovered {
        var recovered = Recovered()
        if let account = endpoints.first?.account { unwritten.forget(account) }
        recovered.expired = try settleLost(at: endpoints, now: now, expire: expire)
        recovered.orphans = try releaseOrphans()
        for endpoint in endpoints { try liftHalt(endpoint) }
        return recovered
    }

    /// Settles the open calls of an account as lost, whatever their slot: an endpoint may have had more slots
    /// than it has now. Their jobs return to the queue.
    ///
    /// - Parameter endpoints: All of one account.
    /// - Returns: The calls, as they were.
    package func settleLost(
        at endpoints: [Endpoint], now: Timestamp,
        expire: (LedgerEntry, Endpoint, [Job], Ledger, Timestamp) -> Settlement
    ) throws -> [LedgerEntry] {
        var lost: [LedgerEntry] = []
        for endpoint in endpoints {
            let now = try serverTime(or: now)
            for call in try openCalls(at: [endpoint])
            where !isOnServer || call.leaseUntil <= now {
                _ = try settle(call.id, at: endpoint, among: endpoints, now: now) {
                    expire($0, endpoint, $1, $2, $3)
                }
                lost.append(call)
            }
        }
        return lost
    }

    /// Returns jobs to the queue that are running without an open call, as a program that violated the
    /// contract may have left them: otherwise they would never end.
    /// - Returns: How many there were.
    package func releaseOrphans() throws -> Int {
        try write { db in
            try db.execute(
                sql: """
                    UPDATE queue SET state = 'available'
                    WHERE state = 'running' AND call_id NOT IN (
                        SELECT id FROM ledger
                        WHERE settled_at IS NULL AND ledger.endpoint = queue.endpoint)
                    """)
            return db.changesCount
        }
    }

    /// Every open call, including those of accounts and endpoints that no daemon works any more.
    package func openCalls() throws -> [LedgerEntry] {
        try read { try $0.entries("settled_at IS NULL", []) }
    }

    /// The open calls: when a daemon starts, those that another one left.
    package func openCalls(at endpoints: [Endpoint]) throws -> [LedgerEntry] {
        try read { db in
            try endpoints.flatMap {
                try db.entries(
                    "account = ? AND endpoint = ? AND settled_at IS NULL", [$0.account, $0.name])
            }
        }
    }
}
