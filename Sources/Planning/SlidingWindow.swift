/// N tokens in any trailing period.
///
/// Source: the provider's page, "Barcodes per-minute limit: 500 products / minute. Window-based: any request
/// bringing the trailing-minute total above the cap will receive a 429". The provider does not publish
/// whether it counts products or the tens that it charges for them; tokens are the safe reading.
///
/// A call counts from its **finish**. The server counted it somewhere between our send and its reply, so a
/// window that forgets from the start is early by the latency (in a model run, 14 % of calls were refused). A
/// call that a killed daemon left behind counts from its lease's end.
///
/// If calls overlap, their latency would cost a short window more than the server takes: 12 calls in 1 s and
/// 0.3 s each. There a call counts from `jitter` after its request left, if that is earlier, because the next
/// call's request takes the same way.
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
    /// - Parameter shortestReply: The least time from a request to its reply; nil if that is not known, or if
    ///   calls do not overlap.
    package func available(
        _ calls: some Sequence<LedgerEntry>, at now: Timestamp, shortestReply: Duration? = nil
    ) -> Int {
        calls.reduce(capacityTokens) { left, call in
            guard let freeAt = freeAt(call, shortestReply) else { return left - call.reserved }
            return freeAt > now ? left - call.spent : left
        }
    }

    /// The first instant at which `tokens` are available if nothing more is spent; nil if that depends on the
    /// end of an open call, or is more than the window holds.
    package func earliest(
        for tokens: Int, _ calls: some Sequence<LedgerEntry>, at now: Timestamp,
        shortestReply: Duration? = nil
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
    private func freeAt(_ call: LedgerEntry, _ shortestReply: Duration?) -> Timestamp? {
        guard let countedBy = call.countedBy else { return nil }
        let arrivedBy = shortestReply.flatMap { self.arrivedBy(call, $0) } ?? countedBy
        return min(countedBy, arrivedBy) + period + .milliseconds(1)
    }

    /// The latest instant at which the request can have reached the server, if a request that leaves now
    /// takes the shortest way. A request that was lost on its way arrived later, and its reply shows that:
    /// then all of the reply's delay may have been on the way there.
    ///
    /// The next reply may be shorter than every known one, and a lost request with such a reply would not show.
    /// So the shortest counts as shorter than known, by as much as costs the window little.
    private func arrivedBy(_ call: LedgerEntry, _ shortestReply: Duration) -> Timestamp? {
        guard let sentAt = call.sentAt, let replyTime = call.replyTime else { return nil }
        let shortest = max(.zero, shortestReply - .milliseconds(period.milliseconds / 50))
        let delay = replyTime - shortest
        return max(sentAt, call.startedAt) + Self.jitter
            + (delay < Self.resendMin ? .zero : delay)
    }

    /// How much longer than the shortest a request's way to the server's count may take, unless it is lost.
    /// Our choice: networks and servers differ by less, and each 10 ms cost 1 % of PRO's 12 calls a second.
    private static let jitter = Duration.milliseconds(50)

    /// The least delay of a request that is lost and sent again: Linux waits no less (TCP_RTO_MIN).
    private static let resendMin = Duration.milliseconds(200)
}
