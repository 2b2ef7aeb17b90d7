/// A reply's header fields about a limit and about when to retry.
///
/// Vendor: every reply has `X-RateLimit-Limit`, `-Remaining` and `-Reset`. On a burst refusal they describe
/// the burst, otherwise the day. `Reset` is in Unix seconds, and the vendor does not publish the hour of the
/// daily reset.
struct RateLimitFields {
    /// The largest accepted number of requests, far above any plan's.
    private static let requestsMax = 1_000_000_000
    /// No limit lasts longer than a day; a second day allows for any time zone.
    private static let secondsToResetMax = 2 * 86_400

    let limit: Int?
    let remaining: Int?
    /// Positive, or nil.
    let retryAfter: Duration?
    /// From the reply's own Date to its Reset, so that our clock does not matter; nil if either is missing or
    /// they contradict each other.
    private let secondsToReset: Int?

    /// Treats a field that repeats the key as missing.
    init(_ reply: ProviderReply, key: String) {
        func value(_ name: String) -> String? {
            reply.headers[name].flatMap { SecretKey.isRepeated(key, by: $0) ? nil : $0 }
        }
        func requests(_ name: String) -> Int? {
            value(name).flatMap(Self.whole).flatMap { $0 <= Self.requestsMax ? $0 : nil }
        }
        /// A balance below zero is an empty pool.
        func balance(_ name: String) -> Int? {
            guard let text = value(name).map(PrintableText.onOneLine), text.hasPrefix("-") else {
                return requests(name)
            }
            return Self.whole(String(text.dropFirst())) == nil ? nil : 0
        }
        limit = requests("x-ratelimit-limit")
        remaining = balance("x-ratelimit-remaining")
        retryAfter = reply.retryAfter(hiding: key).flatMap { $0 > .zero ? $0 : nil }
        if let reset = value("x-ratelimit-reset").flatMap(Self.whole),
            let date = value("date").flatMap(HTTPDate.seconds),
            (0...Self.secondsToResetMax).contains(reset - date)
        {
            secondsToReset = reset - date
        } else {
            secondsToReset = nil
        }
    }

    /// Time to the reset. Both instants are cut to whole seconds, so the reset may be almost a second later
    /// than their difference.
    var resetsIn: Duration? {
        secondsToReset.map { .seconds($0 + 1) }
    }

    /// When to retry after a refusal by the limit that the fields describe: the longest time in any of them,
    /// because an early retry costs more. nil if none has a time.
    var hint: Duration? {
        [retryAfter, secondsToReset == 0 ? nil : resetsIn].compactMap(\.self).max()
    }

    /// Digits alone: anything else, and a number that is too large, is ignored.
    private static func whole(_ value: String) -> Int? {
        let digits = PrintableText.onOneLine(value)
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(digits)
    }
}
