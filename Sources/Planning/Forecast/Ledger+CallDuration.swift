extension Ledger {
    /// How long a call is assumed to last if the ledger has none. Our choice: the provider publishes no
    /// latency, and it changes a forecast little, because calls wait for limits most of the time.
    package static let usualCallDuration = Duration.milliseconds(400)

    /// How long the endpoint's recent calls took: the median of those that were answered.
    package func callDuration(at endpoint: String) -> Duration {
        let durations = entries.compactMap { entry -> Duration? in
            guard entry.endpoint == endpoint, entry.outcome == .succeeded,
                let settledAt = entry.settledAt
            else { return nil }
            return settledAt - entry.clampedStart
        }.sorted()
        return durations.isEmpty ? Self.usualCallDuration : durations[durations.count / 2]
    }
}
