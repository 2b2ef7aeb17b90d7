/// The calls that draw from a daily pool, as far back as its last balance, and the rest of the day's tokens.
///
/// The ids give the order in which two endpoints' calls began, but not the order in which they ended:
/// instants of the same millisecond do not tell, and a settlement that found the store locked is written
/// later than its instant. So the caller says which calls count as open. The server may count a lost call
/// until its lease is over.
struct PoolReplay {
    /// The endpoint whose calls alone draw from it; nil: all of the account's do.
    let endpoint: String?
    /// In the order of their ids.
    private(set) var calls: [LedgerEntry] = []
    /// Calls that began earlier may be missing here.
    private(set) var completeFrom = Timestamp(milliseconds: .min)

    init(of endpoint: String?) {
        self.endpoint = endpoint
    }

    /// The last calls with a balance of any pool: the provider refills the account's pools together.
    private var foretelling: [LedgerEntry] = []
    /// More than the calls that may be in flight together.
    private static let foretellingMax = 64
    /// How far the server's clock was ahead of ours in its last dated reply.
    private var serverAhead = Duration.zero

    mutating func add(_ call: LedgerEntry) {
        if let serverAt = call.serverAt, let settledAt = call.settledAt {
            let earliest = serverAt - settledAt
            let latest = serverAt - call.clampedStart + .seconds(1)
            serverAhead = earliest > .zero ? earliest : latest < .zero ? latest : .zero
        }
        if draws(call) { calls.append(call) }
        guard call.dailyResetAt != nil else { return }
        foretelling.append(call)
        if foretelling.count > Self.foretellingMax { foretelling.removeFirst() }
    }

    /// Whether the call draws from this pool.
    func draws(_ call: LedgerEntry) -> Bool { endpoint.map { $0 == call.endpoint } ?? true }

    /// Whether a call has a balance of this pool.
    private func hasBalance(_ call: LedgerEntry) -> Bool {
        call.dailyRemaining != nil && call.dailyPool == endpoint
    }

    /// Begins anew: entries are missing, or the clock was set back and their instants moved.
    mutating func forget(completeFrom instant: Timestamp) {
        calls = []
        foretelling = []
        serverAhead = .zero
        completeFrom = instant
    }

    /// Drops the calls that cannot count for calls that left at `start` or later.
    mutating func drop(before start: Timestamp) {
        let anchor = anchor(at: start) { $0.settledAt == nil }
        guard let anchor, anchor.dailyResetAt! > start else {
            // Without a balance, the pool's day may have begun up to a day before.
            let began = min(start.startOfDay, start - .day)
            return calls.removeAll { $0.countedBy.map { $0 < began } ?? false }
        }
        var horizon = min(start, anchor.clampedStart)
        for call in calls where hasBalance(call) && call.settledAt! >= anchor.settledAt! {
            horizon = min(horizon, call.clampedStart)
        }
        calls.removeAll { $0.countedBy.map { $0 <= horizon } ?? false && $0.id != anchor.id }
    }

    /// The last balance that was known at `start`.
    private func anchor(at start: Timestamp, _ isOpen: (LedgerEntry) -> Bool) -> LedgerEntry? {
        var anchor: LedgerEntry?
        for call in calls where hasBalance(call) && call.settledAt! <= start && !isOpen(call) {
            if let anchor, anchor.settledAt! > call.settledAt! { continue }
            anchor = call
        }
        return anchor
    }
}

extension PoolReplay {
    /// Tokens that a call which starts at `now` may reserve: the last balance, less the calls that were still
    /// open when the calls that gave it began; before the day's first balance the allowance, less the tokens
    /// that the day's calls spent. nil if missing entries could change the result.
    func left(
        at now: Timestamp, allowance: Int, _ isOpen: (LedgerEntry) -> Bool
    ) -> Int? {
        // If the clock was set back, the order of the balances and the time when they lapsed are lost.
        if let last = anchor(at: now, isOpen), last.settledAt! < last.startedAt { return nil }
        var latest: LedgerEntry?
        // It does not matter whether the server had sent a date by then: either day may be the right one.
        var dayBegan = max(now.startOfDay, (now + serverAhead).startOfDay - serverAhead)
        for call in calls where hasBalance(call) && !isOpen(call) {
            if call.dailyResetAt! <= now {
                dayBegan = max(dayBegan, call.dailyResetAt!)
            } else if latest.map({ $0.settledAt! <= call.settledAt! }) ?? true {
                latest = call
            }
        }
        guard let latest = latest.flatMap({ hasLapsed($0, at: now, isOpen) ? nil : $0 }) else {
            let last = foretelling.filter { $0.settledAt! <= now }
                .max { ($0.settledAt!, $0.id) < ($1.settledAt!, $1.id) }
            if let reset = last?.dailyResetAt, reset > now {
                dayBegan = reset - .day
            }
            if dayBegan < completeFrom { return nil }
            return allowance - spent(isOpen) { $0.countedBy! >= dayBegan }
        }
        if latest.clampedStart < completeFrom { return nil }
        var lowest = latest
        // Replies that came while the latest call was in progress may be later than its own in the server's
        // order. Within a day the lower balance is the later one.
        for call in calls
        where hasBalance(call) && !isOpen(call) && call.dailyResetAt! > now
            && call.settledAt! > latest.clampedStart
            && call.dailyRemaining! < lowest.dailyRemaining!
        {
            lowest = call
        }
        let included = max(latest.clampedStart, lowest.clampedStart)
        return lowest.dailyRemaining! - spent(isOpen) { $0.countedBy! > included }
    }

    /// Whether a later balance that has lapsed at `now` shows that this one has lapsed as well: if the server
    /// rounds a reset to seconds, each reply gives another instant of that second.
    private func hasLapsed(
        _ balance: LedgerEntry, at now: Timestamp, _ isOpen: (LedgerEntry) -> Bool
    ) -> Bool {
        calls.contains { call in
            hasBalance(call) && !isOpen(call) && call.dailyResetAt! <= now
                && call.settledAt! > balance.settledAt!
                && balance.dailyResetAt! - call.dailyResetAt! < .minute
        }
    }

    /// Open calls, and the ended calls without a balance that count.
    private func spent(
        _ isOpen: (LedgerEntry) -> Bool, _ counts: (LedgerEntry) -> Bool
    ) -> Int {
        var tokens = 0
        for call in calls {
            if isOpen(call) {
                tokens += call.reserved
            } else if !hasBalance(call) && counts(call) {
                tokens += call.spent
            }
        }
        return tokens
    }
}

extension PoolReplay {
    /// The balance that the ledger allows in a call's reply.
    struct Expectation: Equatable {
        var balances: ClosedRange<Int>
        /// Charged for calls without a reply since the previous balance: the server may not have charged
        /// them.
        var lostTokens: Int
        /// When the previous balance may have lapsed, at the earliest.
        var resetEarliestAt: Timestamp
        /// Whether all calls since the previous balance are known.
        var isComplete: Bool
    }

    /// A range, because the server may have counted an overlapping call before this one or after it. nil if
    /// no balance of the day was known when the call left.
    ///
    /// - Parameter isThere: Whether a call had begun when this one was settled.
    func expected(
        of call: LedgerEntry, _ isThere: (LedgerEntry) -> Bool, _ isOpen: (LedgerEntry) -> Bool
    ) -> Expectation? {
        guard
            let anchor = anchor(
                at: call.startedAt, { $0.id == call.id || !isThere($0) || isOpen($0) }),
            let reset = anchor.dailyResetEarliestAt, reset > call.settledAt!
        else { return nil }
        var upper = anchor.dailyRemaining! - call.spent
        var unsure = 0
        var lostTokens = 0
        for other in calls where other.id != call.id && other.id != anchor.id && isThere(other) {
            let isOver = !isOpen(other)
            if isOver && other.countedBy! <= anchor.clampedStart { continue }
            let spent = isOver ? other.spent : other.reserved
            if isOver && other.startedAt >= anchor.settledAt!
                && other.countedBy! <= call.startedAt
            {
                upper -= spent
                if other.outcome == .failed || other.outcome == .expired { lostTokens += spent }
            } else {
                unsure += spent
            }
        }
        return Expectation(
            balances: (upper - unsure)...upper, lostTokens: lostTokens, resetEarliestAt: reset,
            isComplete: anchor.clampedStart >= completeFrom)
    }
}
