internal import GRDB
package import Planning

extension Store {
    /// The ledger as it was at an instant in the past: calls that ended later are open in it.
    ///
    /// - Parameters:
    ///   - endpoints: All of one account.
    ///   - callID: Only calls with a smaller id; nil: all that had started.
    package func pastLedger(
        of endpoints: [Endpoint], at instant: Timestamp, before callID: Int64? = nil
    ) throws -> Ledger {
        try read { db in
            let balances = try db.balances(of: endpoints, at: instant)
            let since = Ledger.horizon(of: endpoints, Ledger(balances), at: instant)
            let entries = try db.entries(
                of: endpoints, settledFrom: since, to: instant + endpoints.leaseMax)
            return Ledger(
                (entries + balances).reduce(into: [Int64: LedgerEntry]()) { known, entry in
                    guard entry.startedAt <= instant, entry.id < callID ?? .max else { return }
                    known[entry.id] = entry.asKnown(at: instant)
                }.map(\.value))
        }
    }

    /// The calls of an account that the levels of its limits from `start` to `end` follow from.
    package func entries(
        of endpoints: [Endpoint], from start: Timestamp, to end: Timestamp
    ) throws -> [LedgerEntry] {
        try read { db in
            let balances = try db.balances(of: endpoints, at: start)
            let since = Ledger.horizon(of: endpoints, Ledger(balances), at: start)
            let entries = try db.entries(
                of: endpoints, settledFrom: since, to: end + endpoints.leaseMax)
            return Array(
                (entries + balances).reduce(into: [Int64: LedgerEntry]()) { $0[$1.id] = $1 }
                    .values)
        }
    }
}

extension LedgerEntry {
    /// The call as the ledger had it at `instant`, not before its start.
    package func asKnown(at instant: Timestamp) -> LedgerEntry {
        guard let settledAt, settledAt > instant else { return self }
        return LedgerEntry(
            id: id, account: account, endpoint: endpoint, slot: slot, reserved: reserved,
            startedAt: startedAt, leaseUntil: leaseUntil)
    }
}

extension Ledger {
    /// The earliest settlement that counts for a limit at `instant`. The server may count a lost call until
    /// its lease is over, however early it was settled.
    fileprivate static func horizon(
        of endpoints: [Endpoint], _ balances: Ledger, at instant: Timestamp
    ) -> Timestamp {
        let windows = endpoints.flatMap(\.limits).map { limit in
            if case .slidingWindow(let window) = limit { window.period } else { Duration.zero }
        }
        let windowBegan = instant - (windows.max() ?? .zero) - .seconds(1)
        return endpoints.everyPool.reduce(windowBegan) {
            min($0, $1.horizon(balances, at: instant))
        } - endpoints.leaseMax
    }
}

extension [Endpoint] {
    fileprivate var leaseMax: Duration { map(\.lease).max() ?? .zero }
}

extension Database {
    /// The last balance of each pool that a call at each endpoint stated, and the last call that set the
    /// endpoint's token bucket.
    fileprivate func balances(
        of endpoints: [Endpoint], at instant: Timestamp
    ) throws -> [LedgerEntry] {
        let last = "AND settled_at <= ? ORDER BY settled_at DESC, id DESC LIMIT 1"
        return try endpoints.flatMap { endpoint in
            try endpoint.pools.flatMap { pool in
                try entries(
                    "account = ? AND endpoint = ? AND daily_left IS NOT NULL AND daily_pool IS ? \(last)",
                    [endpoint.account, endpoint.name, pool.endpoint, instant.milliseconds])
            }
                + entries(
                    "account = ? AND endpoint = ? AND full_at IS NOT NULL \(last)",
                    [endpoint.account, endpoint.name, instant.milliseconds])
        }
    }

    /// Calls that were settled within a time, and open ones.
    fileprivate func entries(
        of endpoints: [Endpoint], settledFrom start: Timestamp, to end: Timestamp
    ) throws -> [LedgerEntry] {
        try endpoints.flatMap { endpoint in
            try entries(
                "account = ? AND endpoint = ? AND settled_at BETWEEN ? AND ?",
                [endpoint.account, endpoint.name, start.milliseconds, end.milliseconds])
                + entries(
                    "account = ? AND endpoint = ? AND settled_at IS NULL",
                    [endpoint.account, endpoint.name])
        }
    }
}
