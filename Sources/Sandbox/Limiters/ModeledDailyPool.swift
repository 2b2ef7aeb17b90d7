/// The tokens of one day: a counter that is reset to the allowance at each day's boundary.
struct ModeledDailyPool: Sendable {
    let allowance: Int
    /// How many minutes after 00:00 UTC a day begins.
    private let resetMinute: Int
    private(set) var left: Int
    /// When the present day ends.
    private(set) var resetMilliseconds: Int64 = 0
    private var nowMilliseconds: Int64?
    /// The rival's fraction of a token, in 60,000ths.
    private var rivalRemainder: Int64 = 0

    init(allowance: Int, resetMinute: Int = 0) {
        self.allowance = allowance
        self.resetMinute = resetMinute
        left = allowance
    }

    var millisecondsToReset: Int64 {
        resetMilliseconds - (nowMilliseconds ?? 0)
    }

    /// Advances to `now`: starts a new day if a boundary was crossed (days begin at the multiples of their
    /// length since the reset's minute on the first day of 1970), then subtracts the rival's tokens of the
    /// present day and returns them.
    mutating func advance(
        toMilliseconds now: Int64, dayMinutes: Int, rivalTokensPerMinute: Int
    ) -> Int {
        let dayMilliseconds = Int64(dayMinutes) * 60_000
        let dayStart = now - (now - Int64(resetMinute) * 60_000) % dayMilliseconds
        if dayStart + dayMilliseconds != resetMilliseconds {
            resetMilliseconds = dayStart + dayMilliseconds
            left = allowance
            rivalRemainder = 0
        }
        let since = max(nowMilliseconds ?? now, dayStart)
        nowMilliseconds = now
        rivalRemainder += (now - since) * Int64(rivalTokensPerMinute)
        let tokens = min(left, Int(rivalRemainder / 60_000))
        rivalRemainder %= 60_000
        left -= tokens
        return tokens
    }

    mutating func take(_ tokens: Int) {
        precondition(tokens <= left, "a call took more than the day had left")
        left -= tokens
    }
}
