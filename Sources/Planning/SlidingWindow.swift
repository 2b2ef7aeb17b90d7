/// So many tokens in any trailing period.
///
/// Source: the provider's page, "Barcodes per-minute limit: 500 products / minute. Window-based: any
/// request bringing the trailing-minute total above the cap will receive a 429". Whether it counts
/// products or the tens they are charged as is published nowhere; tokens are the safe reading.
///
/// A call counts from its **finish**. The server counted it somewhere between our send and its
/// reply, so a window that forgets from the start is early by the latency (in a model run, 14 % of
/// calls were refused). One that a killed daemon left behind counts from its lease's end.
package struct SlidingWindow: Hashable, Sendable {
    package var capacityTokens: Int
    package var period: Duration
    /// Whether it counts the calls at all of the provider's endpoints together.
    package var isShared: Bool

    package init(capacityTokens: Int, period: Duration = .minute, isShared: Bool = false) {
        self.capacityTokens = capacityTokens
        self.period = period
        self.isShared = isShared
    }

    /// The calls that count for it when one at `endpoint` is to be made.
    package func calls(_ ledger: Ledger, at endpoint: String) -> some Sequence<LedgerEntry> {
        ledger.entries.lazy.filter { isShared || $0.endpoint == endpoint }
    }

    /// Tokens that a call may spend at `now`.
    ///
    /// - Parameter shortestReply: What a call that starts now takes at least; zero where that is not known,
    ///   or calls do not overlap.
    package func available(
        _ calls: some Sequence<LedgerEntry>, at now: Timestamp, shortestReply: Duration = .zero
    ) -> Int {
        calls.reduce(capacityTokens) { left, call in
            guard let freeAt = freeAt(call, shortestReply) else { return left - call.reserved }
            return freeAt > now ? left - call.spent : left
        }
    }

    /// The first instant at which `tokens` are available if nothing more is spent; nil when that
    /// takes the end of a call that is still open, or more than the window holds.
    package func earliest(
        for tokens: Int, _ calls: some Sequence<LedgerEntry>, at now: Timestamp,
        shortestReply: Duration = .zero
    ) -> Timestamp? {
        var left = available(calls, at: now, shortestReply: shortestReply)
        if left >= tokens { return now }
        let leaving = calls.compactMap { call in
            freeAt(call, shortestReply).map { ($0, call.spent) }
        }
        .filter { $0.0 > now }
        .sorted { $0.0 < $1.0 }
        for (freeAt, spent) in leaving {
            left += spent
            if left >= tokens { return freeAt }
        }
        return nil
    }

    /// A millisecond over the period, because both ends are instants cut to whole milliseconds.
    private func freeAt(_ call: LedgerEntry, _ shortestReply: Duration) -> Timestamp? {
        guard let countedBy = call.countedBy else { return nil }
        let lead = call.outcome == .expired ? .zero : max(.zero, shortestReply - Self.jitter)
        return countedBy + period + .milliseconds(1) - lead
    }

    /// By how much the way of one call to the server may take longer than another's, and no longer for it
    /// to come back.
    private static let jitter = Duration.milliseconds(20)
}
