/// A bucket that refills at a constant rate up to its capacity, kept as one instant: when it will be full
/// again (GCRA). Whole milliseconds, no floats.
///
/// Source: the provider's page, "Images per-minute limit: burst capacity 120, refill rate 60 / minute (1 /
/// second)".
package struct TokenBucket: Hashable, Sendable {
    package var capacityTokens: Int
    package var tokensPerMinute: Int

    package init(capacityTokens: Int, tokensPerMinute: Int) {
        precondition(capacityTokens >= 1 && tokensPerMinute >= 1)
        self.capacityTokens = capacityTokens
        self.tokensPerMinute = tokensPerMinute
    }

    /// Tokens in the bucket at `now`, when it will be full at `fullAt` (nil: it is full). Never
    /// below zero.
    package func available(fullAt: Timestamp?, at now: Timestamp) -> Int {
        guard let fullAt, fullAt > now else { return capacityTokens }
        let missing = roundedUp((fullAt - now).milliseconds * Int64(tokensPerMinute), by: 60_000)
        return max(0, capacityTokens - Int(clamping: missing))
    }

    /// The first instant at which `tokens`, at most the capacity, are in the bucket.
    package func earliest(for tokens: Int, fullAt: Timestamp?, at now: Timestamp) -> Timestamp {
        guard let fullAt, available(fullAt: fullAt, at: now) < tokens else { return now }
        let early = Int64(capacityTokens - tokens) * 60_000 / Int64(tokensPerMinute)
        return fullAt - .milliseconds(early)
    }

    /// When the bucket is full again after a call that spent `tokens` and ended at `finish`.
    ///
    /// It counts from the finish because the server took the tokens at some instant before it. A millisecond
    /// is added because `finish` was cut to whole ones.
    package func fullAt(
        afterSpending tokens: Int, finish: Timestamp, fullAt: Timestamp?
    ) -> Timestamp {
        guard tokens > 0 else { return fullAt ?? finish }
        let refill = roundedUp(Int64(tokens) * 60_000, by: Int64(tokensPerMinute))
        let start = finish + .milliseconds(1)
        return (fullAt.map { max($0, start) } ?? start) + .milliseconds(refill)
    }

    /// When the bucket is full again if it holds `tokens`, at most its capacity, at `instant`.
    package func fullAt(holding tokens: Int, at instant: Timestamp) -> Timestamp {
        let missing = Int64(max(0, capacityTokens - tokens))
        return instant + .milliseconds(roundedUp(missing * 60_000, by: Int64(tokensPerMinute)))
    }

    /// How many tokens a batch waits for at most: a sixth of the bucket stays free for tokens that are
    /// refilled during the call, so that none are lost (100 of 120).
    package var batchTokens: Int {
        max(1, capacityTokens - capacityTokens / 6)
    }

    private func roundedUp(_ dividend: Int64, by divisor: Int64) -> Int64 {
        (dividend + divisor - 1) / divisor
    }
}
