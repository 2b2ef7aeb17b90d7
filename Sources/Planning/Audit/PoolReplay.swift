/// The calls that draw from a daily pool, as far back as its last balance, and what they leave of the
/// day.
///
/// In which order two endpoints' transactions came is known from the ids where a call began, but not
/// where one ended: instants of the same millisecond do not tell, and a settlement that found the
/// store locked is written later than its instant. So whoever asks says which calls are to count as
/// open. One that was lost may be counted by the server until its lease is over.
struct PoolReplay {
    /// The endpoint whose calls alone draw from it; nil: all of the account's do.
    let endpoint: String?
    /// In the order of their ids.
    private(set) var calls: [LedgerEntry] = []
    /// What began earlier may be missing here.
    private(set) var completeFrom = Timestamp(milliseconds: .min)

    init(of endpoint: String?) {
        self.endpoint = endpoint
    }

    /// The last calls with a balance, of whichever pool: the account's are refilled together.
    private var foretelling: [LedgerEntry] = []
    /// As many as may be in flight together, and more.
    private static let foretellingMost = 64
    /// How far the server's clock was ahead of ours when it last told its time.
    private var serverAhead = Duration.zero

    mutating func add(_ call: LedgerEntry) {
        if let serverAt = call.serverAt, let settledAt = call.settledAt {
            let earliest = serverAt - settledAt
            let latest = serverAt - call.leftAt + .seconds(1)
            serverAhead = earliest > .zero ? earliest : latest < .zero ? latest : .zero
        }
        if draws(call) { calls.append(call) }
        guard call.dailyResetAt != nil else { return }
        foretelling.append(call)
        if foretelling.count > Self.foretellingMost { foretelling.removeFirst() }
    }

    /// Whether calls at the endpoint draw from it.
    func draws(_ call: LedgerEntry) -> Bool { endpoint.map { $0 == call.endpoint } ?? true }

    /// Whether a call has a balance of this pool.
    private func hasBalance(_ call: LedgerEntry) -> Bool {
        call.dailyLeft != nil && call.dailyPool == endpoint
    }

    /// Begins anew: entries are missing, or the clock was set back and their instants moved.
    mutating func forget(completeFrom instant: Timestamp) {
        calls = []
        foretelling = []
        serverAhead = .zero
        completeFrom = instant
    }

    /// Drops what nothing can count any more that is asked about calls that left at `start` or later.
    mutating func drop(before start: Timestamp) {
        let anchor = anchor(at: start) { $0.settledAt == nil }
        guard let anchor, anchor.dailyResetAt! > start else {
            // The day of a pool that no balance tells of may have begun up to a day before.
            let began = min(start.startOfDay, start - .day)
            return calls.removeAll { $0.countedBy.map { $0 < began } ?? false }
        }
        var horizon = min(start, anchor.leftAt)
        for call in calls where hasBalance(call) && call.settledAt! >= anchor.settledAt! {
            horizon = min(horizon, call.leftAt)
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
    /// Tokens that a call which starts at `now` may reserve: the last balance, less what was not over
    /// when the calls that gave it began; before the day's first balance the allowance, less what
    /// the day's calls spent. nil where what is missing could have said otherwise.
    func left(
        at now: Timestamp, allowance: Int, _ isOpen: (LedgerEntry) -> Bool
    ) -> Int? {
        // Where the clock was set back, the order of the balances is lost, and when they lapsed.
        if let last = anchor(at: now, isOpen), last.settledAt! < last.startedAt { return nil }
        var latest: LedgerEntry?
        // Whether the server had told its time by then is not asked: either day may be the one.
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
        if latest.leftAt < completeFrom { return nil }
        var lowest = latest
        // Replies that came while the latest call was under way may be later than its own in the
        // server's order. Within a day the lower balance is the later one.
        for call in calls
        where hasBalance(call) && !isOpen(call) && call.dailyResetAt! > now
            && call.settledAt! > latest.leftAt && call.dailyLeft! < lowest.dailyLeft!
        {
            lowest = call
        }
        let included = max(latest.leftAt, lowest.leftAt)
        return lowest.dailyLeft! - spent(isOpen) { $0.countedBy! > included }
    }

    /// Whether a later balance, whose time is over at `now`, tells that this one's is as well: where a
    /// reset is told to the second, each reply has it at another instant of that second.
    private func hasLapsed(
        _ balance: LedgerEntry, at now: Timestamp, _ isOpen: (LedgerEntry) -> Bool
    ) -> Bool {
        calls.contains { call in
            hasBalance(call) && !isOpen(call) && call.dailyResetAt! <= now
                && call.settledAt! > balance.settledAt!
                && balance.dailyResetAt! - call.dailyResetAt! < .minute
        }
    }

    /// Open calls, and of those that are over and gave no balance the ones that count.
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
    /// What the books allow for the balance in a call's reply.
    struct Expectation: Equatable {
        var balances: ClosedRange<Int>
        /// Charged for calls without a reply since the balance before: the server may not have.
        var lostTokens: Int
        /// When the balance before may have lapsed, at the earliest.
        var resetEarliestAt: Timestamp
        /// Whether all calls since the balance before are known.
        var isComplete: Bool
    }

    /// A range, because a call that overlapped another one may have been counted before it or after.
    /// nil where no balance of the day was known when the call left.
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
        var upper = anchor.dailyLeft! - call.spent
        var unsure = 0
        var lostTokens = 0
        for other in calls where other.id != call.id && other.id != anchor.id && isThere(other) {
            let isOver = !isOpen(other)
            if isOver && other.countedBy! <= anchor.leftAt { continue }
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
            isComplete: anchor.leftAt >= completeFrom)
    }
}
