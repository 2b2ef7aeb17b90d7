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

extension Ledger {
    /// Settles an open call as Storage writes it: it becomes the last one before the open ones.
    mutating func settle(_ call: LedgerEntry, _ settlement: Settlement, at now: Timestamp) {
        var settled = call
        settled.settledAt = now
        settled.outcome = settlement.outcome
        settled.charged = settlement.chargedTokens
        settled.dailyRemaining = settlement.dailyRemaining
        settled.dailyResetAt = settlement.dailyResetAt
        settled.dailyPool = settlement.dailyPool
        settled.retryAt = settlement.retryAt
        settled.fullAt = settlement.fullAt
        settled.serverAt = settlement.serverAt
        settled.sentAt = settlement.sentAt
        entries.removeAll { $0.id == call.id }
        let place = entries.firstIndex { other in
            other.settledAt.map { $0 > now || $0 == now && other.id > call.id } ?? true
        }
        entries.insert(settled, at: place ?? entries.endIndex)
    }
}
