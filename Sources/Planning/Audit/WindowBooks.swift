/// The calls that a sliding window still holds: a plain list that is summed.
///
/// A call counts from its finish, because the server counted it somewhere between its start and its
/// finish, a lost one from the end of its lease; and for a millisecond over the period, because both ends are instants cut to whole ones.
struct WindowBooks {
    let window: SlidingWindow
    private var spendings: [(until: Timestamp, tokens: Int)] = []

    init(_ window: SlidingWindow) {
        self.window = window
    }

    /// What is wrong with a call that starts now.
    mutating func breach(_ call: LedgerEntry) -> LaneBooks.Breach? {
        let left = left(at: call.startedAt)
        guard call.reserved > left else { return nil }
        return (
            .overWindow,
            "reserved \(call.reserved) tokens with \(left) of \(window.capacityTokens) left in the window"
        )
    }

    private mutating func left(at now: Timestamp) -> Int {
        spendings.removeAll { $0.until <= now }
        return spendings.reduce(window.capacityTokens) { $0 - $1.tokens }
    }

    mutating func add(_ tokens: Int, countedBy: Timestamp) {
        if tokens > 0 { spendings.append((countedBy + window.period + .milliseconds(1), tokens)) }
    }
}
