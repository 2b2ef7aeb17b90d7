/// One endpoint's token bucket as a level that is refilled: how many tokens are missing, and as of when.
///
/// A call's tokens are subtracted a millisecond after its finish, because the server took them at some
/// instant before, and the finish is cut to whole milliseconds.
struct BucketReplay {
    /// An entry's own `full_at` compared with this replay.
    enum Verdict: Equatable {
        /// As full as here, or less.
        case fits
        /// Full that much earlier than the calls explain.
        case early(Duration)
        /// Full as if a call of another slot that ended during this one had not been made.
        case forgetful
        case absent
    }

    private(set) var bucket: TokenBucket
    /// In sixty-thousandths of a token: the refill of a millisecond at one token a minute.
    private var missing: Int64 = 0
    private var asOf = Timestamp(milliseconds: 0)
    /// The calls of the last lease, and how much was missing before each.
    private var recent: [(call: LedgerEntry, missing: Int64, asOf: Timestamp)] = []
    private static let token: Int64 = 60_000

    init(_ bucket: TokenBucket) {
        self.bucket = bucket
    }

    /// Continues with another bucket, which is full when this one would have been.
    mutating func change(to other: TokenBucket) {
        if other.tokensPerMinute != bucket.tokensPerMinute {
            missing = missing / flow * Int64(other.tokensPerMinute)
            recent = []
        }
        bucket = other
    }

    func left(at now: Timestamp) -> Int {
        bucket.capacityTokens - Int((missing(at: now) + Self.token - 1) / Self.token)
    }

    private func missing(at now: Timestamp) -> Int64 {
        if missing == 0 { return 0 }
        // One millisecond before `asOf` is the finish itself; no call starts earlier.
        let elapsed = max(-1, (now - asOf).milliseconds)
        let filling = (missing + flow - 1) / flow
        return elapsed >= filling ? 0 : missing - elapsed * flow
    }

    /// Subtracts a settled call's tokens. Calls come in the order of their settlement's instants.
    mutating func take(_ call: LedgerEntry) -> Verdict {
        let finish = call.settledAt!
        recent.removeAll { $0.call.settledAt! < finish - (call.leaseUntil - call.startedAt) }
        recent.append((call, missing, asOf))
        fold(call)
        guard let stated = stated(call) else { return .absent }
        if stated >= missing { return .fits }
        func isCounting(_ other: LedgerEntry) -> Bool { counts(other, call) }
        if let missing = missing(after: call, without: isCounting), stated >= missing {
            return .fits
        }
        if let missing = missing(after: call, without: { $0.settledAt! >= call.startedAt }),
            stated >= missing
        {
            return .forgetful
        }
        return .early(.milliseconds((missing - stated) / flow))
    }

    private mutating func fold(_ call: LedgerEntry) {
        let instant = call.settledAt! + .milliseconds(1)
        missing = min(missing(at: instant) + Int64(call.spent) * Self.token, Self.longest * flow)
        asOf = instant
    }

    /// The tokens missing after `call` without some of the earlier calls of other slots: settlements with an
    /// earlier instant may have been written later, and then each of them counts this call as well. nil if
    /// there are none.
    private func missing(
        after call: LedgerEntry, without isLeftOut: (LedgerEntry) -> Bool
    ) -> Int64? {
        let leftOut = Set(
            recent.map(\.call).filter { $0.slot != call.slot && isLeftOut($0) }.map(\.id))
        guard let first = recent.firstIndex(where: { leftOut.contains($0.call.id) }) else {
            return nil
        }
        var replay = self
        (replay.missing, replay.asOf) = (recent[first].missing, recent[first].asOf)
        for (other, _, _) in recent[first...] where !leftOut.contains(other.id) {
            replay.fold(other)
        }
        return replay.missing
    }

    /// Whether `other` states a bucket that is full no earlier than after `call` and its own tokens.
    private func counts(_ other: LedgerEntry, _ call: LedgerEntry) -> Bool {
        guard let fullAt = other.fullAt, let before = call.fullAt else { return false }
        return (fullAt - before).milliseconds * flow >= Int64(other.spent) * Self.token
    }

    /// Takes the level from the entry's own statement, except for its own tokens, if the clock was set back:
    /// the time since the previous call is not known then.
    mutating func believe(_ call: LedgerEntry) {
        missing = max(stated(call) ?? 0, Int64(call.spent) * Self.token)
    }

    private func stated(_ call: LedgerEntry) -> Int64? {
        call.fullAt.map { fullAt in
            let wait = (fullAt - call.settledAt!).milliseconds - 1
            return min(max(0, wait), Self.longest) * flow
        }
    }

    private var flow: Int64 { Int64(bucket.tokensPerMinute) }
    /// A month of waiting: longer than any bucket takes, and safe to multiply.
    private static let longest: Int64 = 2_678_400_000
}
