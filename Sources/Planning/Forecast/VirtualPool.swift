/// The provider's side of an account's daily pool in a forecast: its tokens, and when they are reset.
struct VirtualPool: Equatable {
    /// The account's place among those of the run.
    let account: Int
    let pool: DailyPool
    private(set) var tokens: Int
    private(set) var resetsAt: Timestamp

    /// - Parameter reserved: Tokens of calls that are open. The ledger counts them as spent; the
    ///   provider takes them when they end.
    init(_ pool: DailyPool, of account: Int, _ level: DailyPool.Level, reserved: Int) {
        self.account = account
        self.pool = pool
        tokens = level.tokens + reserved
        resetsAt = level.resetsAt
    }

    /// The balance after a call that cost `charge` and ended at `now`.
    mutating func charge(_ charge: Int, at now: Timestamp) {
        if now >= resetsAt {
            let days = (now - resetsAt).milliseconds / Duration.day.milliseconds + 1
            resetsAt = resetsAt + .day * Int(days)
            tokens = pool.allowanceTokens
        }
        tokens = max(0, tokens - charge)
    }

    mutating func move(by days: Duration) {
        resetsAt = resetsAt + days
    }
}
