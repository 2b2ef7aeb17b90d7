/// The provider's side of the daily pool in a forecast: it answers each call with its balance.
struct VirtualPool: Equatable {
    let allowanceTokens: Int
    private(set) var tokens: Int
    private(set) var resetsAt: Timestamp

    /// - Parameter reserved: Tokens of calls that are open. The ledger counts them as spent; the
    ///   provider takes them when they end.
    init(_ pool: DailyPool, _ level: DailyPool.Level, reserved: Int) {
        allowanceTokens = pool.allowanceTokens
        tokens = level.tokens + reserved
        resetsAt = level.resetsAt
    }

    /// The answer to a call that cost `charge` and is over at `now`.
    mutating func answer(charging charge: Int, at now: Timestamp) -> Answer {
        if now >= resetsAt {
            let days = (now - resetsAt).milliseconds / Duration.day.milliseconds + 1
            resetsAt = resetsAt + .day * Int(days)
            tokens = allowanceTokens
        }
        tokens = max(0, tokens - charge)
        return Answer(items: [:], dailyLeft: tokens, resetsIn: resetsAt - now)
    }

    mutating func move(by days: Duration) {
        resetsAt = resetsAt + days
    }
}
