import Planning

extension LedgerEntry {
    static func open(
        _ id: Int64, _ endpoint: Endpoint, _ reserved: Int, from start: Timestamp
    ) -> LedgerEntry {
        LedgerEntry(
            id: id, account: endpoint.account, endpoint: endpoint.name, reserved: reserved,
            startedAt: start,
            leaseUntil: start + endpoint.lease)
    }

    /// A call that ended. `left` is the balance of its reply; `reset` lapses it.
    static func settled(
        _ id: Int64, _ endpoint: Endpoint, _ spent: Int, from start: Timestamp,
        to end: Timestamp, _ outcome: Outcome = .succeeded, left: Int? = nil,
        reset: Timestamp? = nil, pool: String? = nil, retryAt: Timestamp? = nil,
        fullAt: Timestamp? = nil
    ) -> LedgerEntry {
        LedgerEntry(
            id: id, account: endpoint.account, endpoint: endpoint.name, reserved: max(spent, 1),
            startedAt: start,
            leaseUntil: start + endpoint.lease, settledAt: end, outcome: outcome, charged: spent,
            dailyRemaining: left, dailyResetAt: left.map { _ in reset ?? end.nextMidnight },
            dailyPool: pool, retryAt: retryAt, fullAt: fullAt)
    }

    /// The ledger's entry once `settlement` is written.
    func settled(as settlement: Settlement, at now: Timestamp) -> LedgerEntry {
        var entry = self
        entry.settledAt = now
        entry.outcome = settlement.outcome
        entry.charged = settlement.chargedTokens
        entry.dailyRemaining = settlement.dailyRemaining
        entry.dailyResetAt = settlement.dailyResetAt
        entry.dailyPool = settlement.dailyPool
        entry.retryAt = settlement.retryAt
        entry.fullAt = settlement.fullAt
        entry.isAlone =
            [.rejected, .failed].contains(settlement.outcome) && settlement.changes.count == 1
        return entry
    }
}

extension Ledger {
    /// A ledger whose images bucket holds `tokens` at `now`, of 120, one a second.
    static func images(holding tokens: Int, at now: Timestamp) -> Ledger {
        Ledger([
            .settled(
                1, .images, 0, from: now.after(-2_000), to: now.after(-1_000),
                fullAt: now.after((120 - tokens) * 1_000))
        ])
    }

    /// A ledger whose barcodes window has `tokens` free at `now`, of 500, until the only call in it leaves:
    /// 30 s and a millisecond from `now`.
    static func barcodes(holding tokens: Int, at now: Timestamp) -> Ledger {
        Ledger([
            .settled(
                1, .barcodes, 500 - tokens, from: now.after(-31_000), to: now.after(-30_000))
        ])
    }

    /// This ledger with the server's balance from another endpoint's call, just now.
    func with(poolLeft tokens: Int, at now: Timestamp) -> Ledger {
        let other = Endpoint(
            name: "other", provider: "asinscope", batchLimit: 1, tariff: .perProduct, limits: [],
            pools: [.asinscope], linger: .zero, timeout: .seconds(30))
        return Ledger(
            entries.filter { $0.id != 0 } + [
                .settled(
                    0, other, 1, from: now.after(-20), to: now.after(-10),
                    left: tokens)
            ])
    }
}
