/// Whether the drift that an entry states follows from its account's balances.
struct DriftAnalysis: Equatable {
    /// Tokens by which the balance was below what our own calls explain.
    var otherClientTokens = 0
    /// Tokens by which it was above, as far as calls that failed before it explain that.
    var lostReplyTokens = 0
    /// The rest of the excess.
    var unexplainedTokens = 0

    init() {}

    /// - Parameter slack: How long after its instant a settlement may have been written, and how
    ///   far a reset may be off.
    /// - Returns: nil if the drift is wrong in every order that the calls' ids and instants allow.
    init?(_ record: LedgerRecord, in pool: PoolReplay, slack: Duration) {
        let call = record.entry
        let finish = call.settledAt!
        var lostTokens = 0
        let byInstant = pool.expected(
            of: call, { $0.startedAt <= finish },
            { $0.settledAt.map { $0 > finish } ?? true })
        if Self.fits(record, byInstant, pool, slack) {
            lostTokens = byInstant?.lostTokens ?? 0
        } else if let other = Self.inOtherOrder(record, pool, slack) {
            lostTokens = other.lostTokens
        } else {
            return nil
        }
        let drift = record.driftTokens ?? 0
        if drift < 0 {
            otherClientTokens = -drift
        } else {
            lostReplyTokens = min(drift, lostTokens)
            unexplainedTokens = drift - lostReplyTokens
        }
    }

    private static func fits(
        _ record: LedgerRecord, _ expectation: PoolReplay.Expectation?, _ pool: PoolReplay,
        _ slack: Duration
    ) -> Bool {
        let finish = record.entry.settledAt!
        guard let expectation else {
            // The previous balance may be among the missing entries.
            return record.driftTokens == nil || finish - .day < pool.completeFrom
        }
        guard expectation.isComplete else { return true }
        guard let drift = record.driftTokens else {
            return expectation.resetEarliestAt - finish <= slack
        }
        let left = record.entry.dailyRemaining!
        let distance = expectation.balances.distance(to: left)
        // A balance below zero is kept as zero, after its drift was calculated.
        return left == 0 ? drift <= distance : drift == distance
    }

    /// The settlement may have been written before or after other lanes' calls began and ended, if the
    /// instants do not show the order: each position among them is tried.
    private static func inOtherOrder(
        _ record: LedgerRecord, _ pool: PoolReplay, _ slack: Duration
    ) -> PoolReplay.Expectation? {
        let call = record.entry
        let latest = call.settledAt! + slack
        var events: [(instant: Timestamp, id: Int64, isEnd: Bool)] = []
        for other in pool.calls where other.lane != call.lane {
            if other.id < call.id || other.startedAt <= latest {
                events.append((other.startedAt, other.id, false))
            }
            if let settledAt = other.settledAt, settledAt <= latest {
                events.append((max(settledAt, other.startedAt), other.id, true))
            }
        }
        events.sort {
            ($0.instant, $0.id, $0.isEnd ? 1 : 0) < ($1.instant, $1.id, $1.isEnd ? 1 : 0)
        }
        // A call with a lower id had begun; a call that ended longer ago than any settlement's delay had
        // ended.
        let begun = events.lastIndex { !$0.isEnd && $0.id < call.id }.map { $0 + 1 } ?? 0
        let over = events.lastIndex { $0.instant < call.settledAt! - slack }.map { $0 + 1 } ?? 0
        for place in max(begun, over)...events.count {
            let past = events[..<place]
            func has(_ other: LedgerEntry, isEnd: Bool) -> Bool {
                other.lane == call.lane
                    || past.contains { $0.id == other.id && $0.isEnd == isEnd }
            }
            let expectation = pool.expected(
                of: call, { has($0, isEnd: false) }, { !has($0, isEnd: true) })
            if let expectation, fits(record, expectation, pool, slack) { return expectation }
        }
        return nil
    }
}
