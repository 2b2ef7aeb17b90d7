internal import GRDB
package import Planning

/// What a daemon found at its start.
package struct Recovered: Equatable, Sendable {
    /// Calls that another one left open.
    package var expired: [LedgerEntry] = []
    /// Jobs that were running without an open call.
    package var strays = 0
}

extension Store {
    /// What a daemon does first. Nobody else works on this database, so calls that are open now are
    /// lost; and a start is a reason to try a refused key again.
    ///
    /// - Parameters:
    ///   - endpoints: All of one account.
    ///   - expire: Gets each open entry with its endpoint, its jobs and the ledger.
    package func recover(
        _ endpoints: [Endpoint], now: Timestamp,
        expire: (LedgerEntry, Endpoint, [Job], Ledger) -> Settlement
    ) throws -> Recovered {
        var recovered = Recovered()
        for endpoint in endpoints {
            for call in try openCalls(at: [endpoint]) {
                _ = try settle(call.id, at: endpoint, among: endpoints, now: now) {
                    expire($0, endpoint, $1, $2)
                }
                recovered.expired.append(call)
            }
        }
        recovered.strays = try releaseStrays()
        for endpoint in endpoints { try liftHalt(endpoint) }
        return recovered
    }

    /// Puts back jobs that are running without an open call, as a program that wrote past the contract
    /// may have left them: nothing else would ever end them.
    /// - Returns: How many there were.
    package func releaseStrays() throws -> Int {
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

    /// The calls that are open: when a daemon starts, those that another one left behind.
    package func openCalls(at endpoints: [Endpoint]) throws -> [LedgerEntry] {
        try read { db in
            try endpoints.flatMap {
                try db.entries(
                    "account = ? AND endpoint = ? AND settled_at IS NULL", [$0.account, $0.name])
            }
        }
    }
}
