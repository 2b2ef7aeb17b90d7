/// One endpoint's token bucket as a level that is refilled: what is missing in it, and when that was.
///
/// A call is taken out at its finish, a millisecond over it, because the server took its tokens at
/// some instant before, and the finish is cut to whole milliseconds.
struct BucketReplay {
    /// What an entry's own `full_at` comes to next to this replay.
    enum Verdict: Equatable {
        /// As full as here, or less.
        case fits
        /// Full that much earlier than the calls explain.
        case early(Duration)
        /// Full as if a call of another slot that ended in the meantime had not been.
        case forgetful
        case absent
    }

    private(set) var bucket: TokenBucket
    /// In sixty-thousandths of a token: what flows in within a millisecond at one token a minute.
    private var missing: Int64 = 0
    private var asOf = Timestamp(milliseconds: 0)
    /// The calls of the last lease, and what was missing before each.
    private var recent: [(call: LedgerEntry, missing: Int64, asOf: Timestamp)] = []
    private static let token: Int64 = 60_000

    init(_ bucket: TokenBucket) {
        self.bucket = bucket
    }

    /// Goes on with another bucket, which is full when this one would have been.
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

    /// Takes a settled call's tokens out. Calls come in the order of their settlement's instants.
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

    /// What is missing after `call` without some of the calls of other slots before it: settlements with an
    /// earlier instant may have been written later, and then each of them counts this call as well. nil
    /// where there are none of these.
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

    /// Takes what the entry itself states for what is missing, but for its own tokens, where the clock was
    /// set back: how long it was since the call before is not known then.
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
