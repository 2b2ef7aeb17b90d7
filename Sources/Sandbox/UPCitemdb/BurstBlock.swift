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
