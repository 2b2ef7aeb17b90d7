/// The bursts of one endpoint: for each of them a list of the admitted calls.
struct BurstWindows: Sendable {
    private var windows: [(calls: Int, window: TrailingWindow)]

    init(_ bursts: [Burst]) {
        windows = bursts.map { ($0.calls, TrailingWindow(lengthMilliseconds: $0.milliseconds)) }
    }

    mutating func add(atMilliseconds now: Int64) {
        for index in windows.indices { windows[index].window.add(1, atMilliseconds: now) }
    }

    /// The number of calls in each burst's window.
    func sums(atMilliseconds now: Int64) -> [Int] {
        windows.map { $0.window.sum(atMilliseconds: now) }
    }

    /// The burst that is full, and until when; of several the one that lasts longest.
    func exceeded(atMilliseconds now: Int64) -> BurstBlock? {
        windows
            .filter { $0.window.sum(atMilliseconds: now) >= $0.calls }
            .map { calls, window in
                let wait = window.millisecondsUntilSum(isNoMoreThan: calls - 1, atMilliseconds: now)
                return BurstBlock(
                    calls: calls, periodMilliseconds: window.lengthMilliseconds,
                    endingAtMilliseconds: now + wait)
            }
            .max { $0.untilMilliseconds < $1.untilMilliseconds }
    }
}

/// The time during which every call is refused because one came too early.
struct BurstBlock: Sendable {
    /// The burst that was exceeded.
    let calls: Int
    let periodMilliseconds: Int64
    /// On a whole second, because the headers cannot express fractions.
    let untilMilliseconds: Int64

    init(calls: Int, periodMilliseconds: Int64, endingAtMilliseconds end: Int64) {
        self.calls = calls
        self.periodMilliseconds = periodMilliseconds
        untilMilliseconds = (end + 999) / 1000 * 1000
    }

    /// The block after a call came during it: it lasts a whole period from then. Page, TOO_FAST: "Otherwise
    /// the server would extend the blocking period from your next request."
    func extended(atMilliseconds now: Int64) -> BurstBlock {
        BurstBlock(
            calls: calls, periodMilliseconds: periodMilliseconds,
            endingAtMilliseconds: now + periodMilliseconds)
    }
}
