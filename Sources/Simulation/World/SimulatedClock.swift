internal import Planning

/// The wall clock of the daemon's machine: it can be set, and it can be fast or slow. True time is in
/// microseconds since 1970, finer than the planner's, so that the effect of cut fractions shows.
struct SimulatedClock {
    private var aheadMicroseconds: Int64 = 0
    private var setAtMicroseconds: Int64
    /// Parts in a million by which it runs fast.
    private var driftPPM: Int64

    init(setAtMicroseconds: Int64, driftPPM: Int64, aheadMilliseconds: Int64 = 0) {
        self.setAtMicroseconds = setAtMicroseconds
        self.driftPPM = driftPPM
        aheadMicroseconds = aheadMilliseconds * 1_000
    }

    func now(atMicroseconds time: Int64) -> Timestamp {
        let drifted = (time - setAtMicroseconds) / 1_000_000 * driftPPM
        let shown = time + aheadMicroseconds + drifted
        return Timestamp(milliseconds: shown / 1_000)
    }

    /// Sets the clock forward or, if negative, back.
    mutating func step(byMilliseconds step: Int64) {
        aheadMicroseconds += step * 1_000
    }

    /// Corrects the clock, and keeps it correct.
    mutating func correct(atMicroseconds time: Int64) {
        self = SimulatedClock(setAtMicroseconds: time, driftPPM: 0)
    }
}
