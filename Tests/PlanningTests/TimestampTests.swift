import Planning
import TestSupport
import Testing

struct TimestampTests {
    @Test(
        "a day begins at its 00:00 UTC, before 1970 too",
        arguments: [
            (0, 0),
            (1, 0),
            (86_399_999, 0),
            (86_400_000, 86_400_000),
            (86_400_001, 86_400_000),
            (-1, -86_400_000),
            (-86_399_999, -86_400_000),
            (-86_400_000, -86_400_000),
            (-86_400_001, -172_800_000),
            (1_777_896_000_000, 1_777_852_800_000),
        ] as [(Int64, Int64)])
    func startOfDay(instant: Int64, start: Int64) {
        #expect(Timestamp(milliseconds: instant).startOfDay == Timestamp(milliseconds: start))
        #expect(
            Timestamp(milliseconds: instant).nextMidnight
                == Timestamp(milliseconds: start + 86_400_000))
    }

    @Test("midnight itself belongs to the day that it begins")
    func midnightIsNotItsOwnNext() {
        #expect(Timestamp.midnight.startOfDay == .midnight)
        #expect(Timestamp.midnight.nextMidnight == .midnight + .day)
        #expect(Timestamp.midnight.after(-1).nextMidnight == .midnight)
    }

    @Test("around every midnight of ten days, the next one is the first that is later")
    func walkedMidnights() {
        let midnights = (-5...6).map { Int64($0) * 86_400_000 }
        for near in midnights.dropFirst().dropLast() {
            for instant in near - 3...near + 3 {
                let naive = midnights.first { $0 > instant }!
                #expect(Timestamp(milliseconds: instant).nextMidnight.milliseconds == naive)
            }
        }
    }

    @Test("over random instants, a day begins less than 24 hours ago and the next one follows it")
    func randomInstants() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<2_000 {
            let instant = Timestamp(milliseconds: Int64(random.within(-1 << 44...1 << 44)))
            #expect(instant.startOfDay <= instant)
            #expect(instant - instant.startOfDay < .day)
            #expect(instant.nextMidnight > instant)
            #expect(instant.nextMidnight.startOfDay == instant.nextMidnight)
            #expect(instant.nextMidnight - instant.startOfDay == .day)
        }
    }

    @Test(
        "a duration's milliseconds are whole, and the rest is dropped towards zero",
        arguments: [
            (.zero, 0),
            (.milliseconds(1), 1),
            (.microseconds(1_999), 1),
            (.microseconds(999), 0),
            (.microseconds(-999), 0),
            (.milliseconds(-1_500), -1_500),
            (.microseconds(-1_999), -1),
            (.nanoseconds(1_000_000), 1),
            (.day, 86_400_000),
            (.minute, 60_000),
        ] as [(Duration, Int64)])
    func wholeMilliseconds(duration: Duration, expected: Int64) {
        #expect(duration.milliseconds == expected)
    }

    @Test("adding and subtracting the same milliseconds returns the same instant")
    func roundTrip() {
        var random = SplitMix64(seed: 2)
        for _ in 0..<1_000 {
            let instant = Timestamp(milliseconds: Int64(random.within(-1 << 40...1 << 40)))
            let duration = Duration.milliseconds(random.within(-1 << 40...1 << 40))
            #expect(instant + duration - duration == instant)
            #expect((instant + duration) - instant == duration)
            #expect((instant + duration > instant) == (duration > .zero))
        }
    }
}
