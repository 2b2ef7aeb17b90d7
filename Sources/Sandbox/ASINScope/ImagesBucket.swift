/// The images bucket: tokens flow in with time, up to the burst, and calls take them out.
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
        // Since 1970 a fast refill comes to more than the number holds, and to a full bucket.
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

    /// How long the refill needs for so many tokens. More than the burst never fit: the answer is then
    /// what the rate alone would need.
    func milliseconds(untilAvailable tokens: Int) -> Int64 {
        let missing = max(0, Int64(tokens) * 60_000 - level)
        return (missing + Int64(perMinute) - 1) / Int64(perMinute)
    }
}
