extension DailyPool {
    /// The balances that our books allow in the reply to `call`. It is a range because calls that
    /// overlapped may have been counted before it or after it. nil across a reset.
    ///
    /// What lies outside is drift: below, another client on the key; above, a call that failed and that
    /// we held to be charged; either way, a tariff that is not the documented one.
    func expectedBalance(
        after call: LedgerEntry, charged: Int, _ ledger: Ledger, at now: Timestamp
    ) -> ClosedRange<Int>? {
        let anchor = ledger.entries
            .filter { isBalance($0) && ($0.settledAt.map { $0 <= call.startedAt } ?? false) }
            .max { ($0.settledAt!, $0.id) < ($1.settledAt!, $1.id) }
        guard let anchor, let left = anchor.dailyLeft, let resetsAt = anchor.dailyResetEarliestAt,
            resetsAt > now
        else { return nil }
        var certain = charged
        var uncertain = 0
        for entry in calls(ledger) where entry.id != anchor.id && entry.id != call.id {
            if let countedBy = entry.countedBy, countedBy <= anchor.leftAt { continue }
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
    /// How far `value` lies above (positive) or below (negative) the range; 0 within it.
    func distance(to value: Int) -> Int {
        if value > upperBound { return value - upperBound }
        if value < lowerBound { return value - lowerBound }
        return 0
    }
}
