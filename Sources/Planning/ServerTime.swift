/// How far a server's clock is ahead of ours; negative: behind. The day resets by the server's clock.
package struct ServerTime: Hashable, Sendable {
    package var ahead: Duration

    package init(ahead: Duration = .zero) {
        self.ahead = ahead
    }

    /// What a reply's Date shows. The server wrote it at some instant between the start of the call and its
    /// end, and cut off the fraction of a second, so this is the smallest possible difference of the clocks;
    /// zero if they may agree.
    package init(dated serverAt: Timestamp, from start: Timestamp, until end: Timestamp) {
        let least = serverAt - end
        let most = serverAt + .milliseconds(999) - min(start, end)
        ahead = least > .zero ? least : most < .zero ? most : .zero
    }

    /// The server's last 00:00 UTC, by our clock.
    func startOfDay(at now: Timestamp) -> Timestamp { (now + ahead).startOfDay - ahead }

    /// The server's next 00:00 UTC, by our clock.
    func nextMidnight(after now: Timestamp) -> Timestamp { (now + ahead).nextMidnight - ahead }
}

extension LedgerEntry {
    /// The server's time as this call's reply shows it, given when it was settled; nil if it has no Date.
    package func serverTime(settledAt: Timestamp) -> ServerTime? {
        serverAt.map { ServerTime(dated: $0, from: startedAt, until: settledAt) }
    }
}

extension Ledger {
    /// The last call that had the server's time in its reply.
    package var lastDated: LedgerEntry? {
        entries.filter { $0.serverAt != nil && $0.settledAt != nil }
            .max { ($0.settledAt!, $0.id) < ($1.settledAt!, $1.id) }
    }

    /// The server's time as that call shows it; before there is one, the clocks count as equal.
    package var serverTime: ServerTime {
        lastDated.flatMap { $0.serverTime(settledAt: $0.settledAt!) } ?? ServerTime()
    }
}
