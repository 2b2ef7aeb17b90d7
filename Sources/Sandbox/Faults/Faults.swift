/// How the sandbox misbehaves. `Faults()` is a server that does exactly what its page says.
package struct Faults: Sendable, Equatable {
    /// Every reply is delayed by a time drawn uniformly from this range.
    package var latencyMilliseconds: ClosedRange<Int64> = 0...0
    /// Probability of a 500 (JSON) or 502 (HTML) before the server reads the request. Not charged.
    package var errors = 0.0
    /// Probability that a charged call's connection closes without a reply.
    package var cut = 0.0
    /// Probability that a charged call's 200 has only the first half of its body.
    package var truncate = 0.0
    /// Probability of a 200 with a proxy's HTML page before the server reads the request. Not charged.
    package var html = 0.0
    /// Probability that a 200 has an item for an ASIN that was not in the request.
    package var foreign = 0.0
    /// Probability that a charged call never gets a reply.
    package var hang = 0.0
    /// Probability that a 200 gives a balance that is not the pool's.
    package var balance = 0.0
    /// Probability that the server answers 429 before it reads the request, if its API has a reply for that.
    /// Not charged.
    package var busy = 0.0
    /// A call with one of these ASINs or codes is always answered 500. Not charged.
    package var poison: Set<String> = []
    /// A call with one of these is answered 400, with a message that does not say which. Not charged.
    package var reject: Set<String> = []
    /// The tokens that another client on the same key spends from each daily pool.
    package var rivalTokensPerMinute = 0
    /// Length of a day. Pools reset at every multiple of it since 1970, with 1,440 at 00:00 UTC, or a fixed
    /// time after that.
    package var dayMinutes = 1440
    /// Whether the next good call is answered with 100 MB. Happens once each time faults are set.
    package var huge = false

    package init() {}

    /// The faults of `all`: a bad day on which work still gets done. The faults that need a product, change
    /// the length of the day or move 100 MB are not included. Its rival is meant for a large pool: it empties
    /// one of 100 tokens within five minutes.
    package static let mixture =
        "latency=20-800,errors=0.05,cut=0.02,truncate=0.02,rival=20,html=0.02,foreign=0.05,hang=0.01,busy=0.02"
}
