package import Planning

/// How a provider's clock differs from ours, as its last dated reply shows it.
package struct ClockReport: Encodable, Sendable {
    package var provider: String
    /// How far its clock is ahead of ours; negative if it is behind, zero if they may agree.
    package var serverAheadSeconds: Double
    /// The call that shows it, and when it ended by our clock.
    package var callID: Int64
    package var at: String

    /// Synchronized clocks never differ by more than this.
    package static let mostSeconds = 5.0

    /// - Returns: nil where no reply told the time.
    package init?(_ provider: String, _ ledger: Ledger) {
        guard let call = ledger.lastDated, let settledAt = call.settledAt,
            let clock = call.serverTime(settledAt: settledAt)
        else { return nil }
        self.provider = provider
        serverAheadSeconds = Double(clock.ahead.milliseconds) / 1_000
        callID = call.id
        at = HumanText.iso(settledAt)
    }

    /// For people; nil where there is nothing to say.
    package var text: String? {
        guard let difference = Self.difference(serverAheadSeconds) else { return nil }
        return
            "\(difference) \(provider)'s, as call \(callID) showed; its daily limits follow its own clock"
    }

    /// "ours is 3 h behind"; nil where the clocks agree well enough.
    package static func difference(_ serverAheadSeconds: Double) -> String? {
        guard abs(serverAheadSeconds) > mostSeconds else { return nil }
        // Known to about a second, which hours need not show.
        let unit = abs(serverAheadSeconds) < 3_600 ? 1.0 : 60
        let seconds = (abs(serverAheadSeconds) / unit).rounded() * unit
        let span = HumanText.span(.seconds(seconds))
        return "ours is \(span) \(serverAheadSeconds > 0 ? "behind" : "ahead of")"
    }
}
