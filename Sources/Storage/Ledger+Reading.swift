internal import GRDB
internal import Planning

extension Database {
    /// The part of the ledger that decisions about `endpoints` of one account read.
    ///
    /// - Parameter asOf: The balances in force then decide how far back it reaches: nil for a claim, the start
    ///   of the call for a settlement.
    func ledger(
        of endpoints: [Endpoint], asOf: Timestamp?, now: Timestamp
    ) throws -> Ledger {
        var balances: [LedgerEntry] = []
        var byID: [Int64: LedgerEntry] = [:]
        for endpoint in endpoints {
            let found =
                try entries(
                    "account = ? AND endpoint = ? AND settled_at IS NULL",
                    [endpoint.account, endpoint.name])
                + lastCalls(of: endpoint)
            for entry in found { byID[entry.id] = entry }
            for pool in endpoint.pools {
                balances += try entries(
                    "account = ? AND endpoint = ? AND daily_left IS NOT NULL AND daily_pool IS ? "
                        + "AND settled_at <= ? ORDER BY settled_at DESC, id DESC LIMIT 1",
                    [
                        endpoint.account, endpoint.name, pool.endpoint,
                        (asOf ?? .latest).milliseconds,
                    ])
            }
        }
        try awaitRows()
        let windows = endpoints.flatMap(\.limits).map { limit in
            if case .slidingWindow(let window) = limit { window.period } else { Duration.zero }
        }
        let windowBegan = now - (windows.max() ?? .zero) - .seconds(1)
        // The server may count a lost call until its lease is over, however early it was settled.
        let lease = endpoints.map(\.lease).max() ?? .zero
        let horizon = endpoints.everyPool.reduce(windowBegan) {
            min($0, $1.horizon(Ledger(balances), at: asOf ?? now))
        }
        let since = horizon - lease
        for endpoint in endpoints {
            let recent = try entries(
                "account = ? AND endpoint = ? AND settled_at >= ?",
                [endpoint.account, endpoint.name, since.milliseconds])
            for entry in recent { byID[entry.id] = entry }
        }
        for entry in balances { byID[entry.id] = entry }
        return Ledger(Array(byID.values))
    }

    /// The endpoint's last settled calls, whatever their age: as many failures as the back-off needs to reach
    /// its maximum, 2^9 s being over 5 minutes. Calls that were in flight together count once, and their
    /// shortest reply is that of a number of calls.
    func lastCalls(of endpoint: Endpoint) throws -> [LedgerEntry] {
        let callsInFlight = endpoint.clientPolicy.callsInFlight
        let most = max(10 * callsInFlight, callsInFlight > 1 ? Ledger.shortestReplyOf : 0)
        return try entries(
            "account = ? AND endpoint = ? AND settled_at IS NOT NULL ORDER BY settled_at DESC, id DESC LIMIT ?",
            [endpoint.account, endpoint.name, most])
    }

    func entries(_ condition: String, _ arguments: StatementArguments) throws -> [LedgerEntry] {
        let statement = try cachedStatement(
            sql: "SELECT \(LedgerEntry.columns) FROM ledger WHERE \(condition)")
        return try all(statement, arguments) { LedgerEntry($0) }
    }

    /// Reads each row in place, which on SQLite takes half the time of fetching them all first.
    func all<Value>(
        _ statement: Statement, _ arguments: StatementArguments, _ value: (Row) -> Value
    ) throws -> [Value] {
        if isPostgreSQL { return try Row.fetchAll(statement, arguments: arguments).map(value) }
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        var values: [Value] = []
        while let row = try rows.next() { values.append(value(row)) }
        return values
    }
}
