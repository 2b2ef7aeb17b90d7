/// What was counted in the last 60 seconds: a plain list, summed each time.
///
/// An entry counts for exactly 60,000 ms: at 59,999 ms it is in, at 60,000 ms it has left.
struct TrailingMinute: Sendable {
    private var entries: [(atMilliseconds: Int64, count: Int)] = []

    mutating func add(_ count: Int, atMilliseconds now: Int64) {
        entries.removeAll { $0.atMilliseconds + 60_000 <= now }
        entries.append((now, count))
    }

    func sum(atMilliseconds now: Int64) -> Int {
        entries.filter { $0.atMilliseconds + 60_000 > now }.reduce(0) { $0 + $1.count }
    }

    /// How long until the sum is down to `count`; a whole minute if nothing that leaves brings that.
    func millisecondsUntilSum(isAtMost count: Int, atMilliseconds now: Int64) -> Int64 {
        let moments = entries.map { $0.atMilliseconds + 60_000 }
        let moment = moments.first { sum(atMilliseconds: $0) <= count }
        return (moment ?? now + 60_000) - now
    }
}
