/// The calls that sliding windows may still hold: a plain list that is summed.
///
/// A call counts from its finish, because the server counted it somewhere between its start and its finish; a
/// lost call counts from the end of its lease. It counts a millisecond longer than the period, because both
/// ends are instants cut to whole milliseconds. If an endpoint may have several calls in flight, a call
/// counts for a period from its start: later ones may be counted later, and only an excess over that is
/// certain.
struct WindowReplay {
    private struct Spending {
        var startedAt: Timestamp
        var countedBy: Timestamp
        var tokens: Int
        var isLost: Bool
    }

    private let longest: Duration
    private var spendings: [Spending] = []

    /// - Parameter windows: All windows that use the list.
    init(_ windows: [SlidingWindow]) {
        longest = windows.map(\.period).max() ?? .zero
    }

    /// The breach of a call that starts now.
    mutating func breach(
        _ call: LedgerEntry, _ window: SlidingWindow, callsInFlight: Int
    ) -> EndpointReplay.Breach? {
        let now = call.startedAt
        spendings.removeAll { $0.countedBy + longest + .milliseconds(1) <= now }
        let left = spendings.reduce(window.capacityTokens) { left, spending in
            let until =
                callsInFlight > 1 && !spending.isLost
                ? spending.startedAt + window.period
                : spending.countedBy + window.period + .milliseconds(1)
            return until > now ? left - spending.tokens : left
        }
        guard call.reserved > left else { return nil }
        return (
            .overWindow,
            "reserved \(call.reserved) tokens with \(left) of \(window.capacityTokens) left in the window"
        )
    }

    mutating func add(_ call: LedgerEntry) {
        guard call.spent > 0 else { return }
        // An open call stays in the list.
        let countedBy = call.countedBy ?? call.leaseUntil
        spendings.append(
            Spending(
                startedAt: call.clampedStart, countedBy: countedBy, tokens: call.spent,
                isLost: call.outcome == .expired))
    }
}
