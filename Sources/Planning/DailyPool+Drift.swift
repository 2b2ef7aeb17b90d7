extension DailyPool {
    /// The balances that the ledger allows in the reply to `call`. It is a range because the server may have
    /// counted overlapping calls before it or after it. nil across a reset.
    ///
    /// A balance outside is drift. Below the range, another client uses the key; above it, a call failed
    /// whose charge the ledger counts and the server does not; in both cases the tariff may differ from the
    /// documented one.
    func expectedBalance(
        after call: LedgerEntry, charged: Int, _ ledger: Ledger, at now: Timestamp
    ) -> ClosedRange<Int>? {
        let anchor = ledger.entries
            .filter { isBalance($0) && ($0.settledAt.map { $0 <= call.startedAt } ?? false) }
            .max { ($0.settledAt!, $0.id) < ($1.settledAt!, $1.id) }
        guard let anchor, let left = anchor.dailyRemaining,
            let resetsAt = anchor.dailyResetEarliestAt,
            resetsAt > now
        else { return nil }
        var certain = charged
        var uncertain = 0
        for entry in calls(ledger) where entry.id != anchor.id && entry.id != call.id {
            if let countedBy = entry.countedBy, countedBy <= anchor.clampedStart { continue }
            let followedAnchor = entry.startedAt >= anchor.settledAt!
            let precededCall = entry.countedBy.map { $0 <= call.startedAt } ?? false
            if followedAnchor && precededCall {
                certain += entry.spent
            } else {
                uncertain += entry.spent
            }
        }
        return (left - certain - uncertain)...(left - certain)
    }
}

extension ClosedRange<Int> {
    /// How far `value` is above (positive) or below (negative) the range; 0 within it.
    func distance(to value: Int) -> Int {
        if value > upperBound { return value - upperBound }
        if value < lowerBound { return value - lowerBound }
        return 0
    }
}
