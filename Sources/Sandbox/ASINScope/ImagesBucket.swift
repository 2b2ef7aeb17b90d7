/// The images bucket: it refills with time, up to the burst, and calls take tokens from it.
struct ImagesBucket: Sendable {
    private let burst: Int
    private let perMinute: Int
    /// In 60,000ths of a token, so that each millisecond adds the whole number `perMinute`.
    private var level: Int64
    private var filledAtMilliseconds: Int64 = 0

    /// A full bucket.
    init(burst: Int, perMinute: Int) {
        precondition(burst > 0 && perMinute > 0, "an images bucket needs a burst and a refill")
        self.burst = burst
        self.perMinute = perMinute
        level = Int64(burst) * 60_000
    }

    /// Whole tokens that a call could take now.
    var available: Int {
        Int(level / 60_000)
    }

    mutating func fill(atMilliseconds now: Int64) {
        // The refill since 1970 can be more than the number holds; the bucket is full then.
        let (inflow, isTooMuch) = (now - filledAtMilliseconds)
            .multipliedReportingOverflow(by: Int64(perMinute))
        let missing = Int64(burst) * 60_000 - level
        level += isTooMuch ? missing : min(inflow, missing)
        filledAtMilliseconds = now
    }

    mutating func take(_ tokens: Int) {
        precondition(tokens <= available, "a call took more than the bucket held")
        level -= Int64(tokens) * 60_000
    }

    /// How long the refill needs for N tokens. For more than the burst, which never fit, the result is the
    /// time at the rate alone.
    func milliseconds(untilAvailable tokens: Int) -> Int64 {
        let missing = max(0, Int64(tokens) * 60_000 - level)
        return (missing + Int64(perMinute) - 1) / Int64(perMinute)
    }
}
