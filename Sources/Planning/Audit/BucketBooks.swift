/// One endpoint's token bucket as a level that is refilled: what is missing in it, and when that was.
///
/// A call is taken out at its finish, a millisecond over it, because the server took its tokens at
/// some instant before, and the finish is cut to whole milliseconds.
struct BucketBooks {
    /// What an entry's own word on its bucket, `full_at`, comes to beside these books.
    enum Verdict: Equatable {
        /// As full as here, or less.
        case fits
        /// Full that much earlier than the calls explain.
        case early(Duration)
        case absent
    }

    let bucket: TokenBucket
    /// In sixty-thousandths of a token: what flows in within a millisecond at one token a minute.
    private var missing: Int64 = 0
    private var asOf = Timestamp(milliseconds: 0)
    private static let token: Int64 = 60_000

    init(_ bucket: TokenBucket) {
        self.bucket = bucket
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

    /// Takes a settled call's tokens out.
    mutating func take(_ call: LedgerEntry, finish: Timestamp) -> Verdict {
        let instant = finish + .milliseconds(1)
        missing = min(missing(at: instant) + Int64(call.spent) * Self.token, Self.longest * flow)
        asOf = instant
        guard let told = told(call, finish: finish) else { return .absent }
        return told < missing ? .early(.milliseconds((missing - told) / flow)) : .fits
    }

    /// Takes the entry's own word for what is missing, but for its own tokens, where the clock was
    /// set back: how long it was since the call before is not known then.
    mutating func believe(_ call: LedgerEntry, finish: Timestamp) {
        missing = max(told(call, finish: finish) ?? 0, Int64(call.spent) * Self.token)
    }

    private func told(_ call: LedgerEntry, finish: Timestamp) -> Int64? {
        call.fullAt.map { fullAt in
            let wait = (fullAt - finish).milliseconds - 1
            return min(max(0, wait), Self.longest) * flow
        }
    }

    private var flow: Int64 { Int64(bucket.tokensPerMinute) }
    /// A month of waiting: longer than any bucket takes, and safe to multiply.
    private static let longest: Int64 = 2_678_400_000
}
