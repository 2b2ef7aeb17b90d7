/// The sum of the last N milliseconds: a plain list, summed each time.
///
/// An entry counts for exactly the window's length: with 60,000 ms, it is in at 59,999 ms and has left at
/// 60,000 ms.
struct TrailingWindow: Sendable {
    let lengthMilliseconds: Int64
    private var entries: [(atMilliseconds: Int64, count: Int)] = []

    init(lengthMilliseconds: Int64) {
        self.lengthMilliseconds = lengthMilliseconds
    }

    static var minute: TrailingWindow { TrailingWindow(lengthMilliseconds: 60_000) }

    mutating func add(_ count: Int, atMilliseconds now: Int64) {
        entries.removeAll { $0.atMilliseconds + lengthMilliseconds <= now }
        entries.append((now, count))
    }

    func sum(atMilliseconds now: Int64) -> Int {
        entries.filter { $0.atMilliseconds + lengthMilliseconds > now }.reduce(0) { $0 + $1.count }
    }

    /// How long until the sum is at most `count`; a whole window if no leaving entry causes that.
    func millisecondsUntilSum(isNoMoreThan count: Int, atMilliseconds now: Int64) -> Int64 {
        let moments = entries.map { $0.atMilliseconds + lengthMilliseconds }
        let moment = moments.first { sum(atMilliseconds: $0) <= count }
        return (moment ?? now + lengthMilliseconds) - now
    }
}

/// A limit of `calls` in any trailing window of `milliseconds`.
package struct Burst: Sendable, Equatable {
    package var calls: Int
    package var milliseconds: Int64

    package init(calls: Int, milliseconds: Int64) {
        self.calls = calls
        self.milliseconds = milliseconds
    }
}
