import Testing

/// The model that the planner is compared with has rules of its own: the page's.
struct ServerModelTests {
    @Test("any request that brings the trailing minute above the cap is refused")
    func trailingMinute() {
        let window = TrailingMinute(capacity: 500)
        for second in 0..<5 { #expect(window.admits(100, at: Int64(second) * 1_000_000)) }
        #expect(!window.admits(10, at: 5_000_000))
        #expect(!window.admits(10, at: 60_000_000))
        #expect(window.admits(100, at: 60_000_001))
        #expect(!window.admits(1, at: 60_000_001))
        #expect(window.total(at: 61_000_001) == 400)
    }

    @Test("a request that is refused counts for nothing")
    func refusedIsNotCounted() {
        let window = TrailingMinute(capacity: 100)
        #expect(!window.admits(101, at: 0))
        #expect(window.admits(100, at: 0))
    }

    @Test("120 images go in one burst, then one a second")
    func dripping() {
        let bucket = DrippingBucket(capacity: 120, dripsPerMinute: 60)
        #expect(bucket.admits(120, at: 500_000))
        #expect(!bucket.admits(1, at: 1_499_999))
        #expect(bucket.admits(1, at: 1_500_000))
        #expect(bucket.level(at: 31_500_000) == 30)
        #expect(bucket.level(at: 10_000_000_000) == 120)
    }

    @Test("a bucket that overflowed starts dripping again at its next call")
    func overflow() {
        let bucket = DrippingBucket(capacity: 120, dripsPerMinute: 60)
        #expect(bucket.admits(1, at: 0))
        #expect(bucket.admits(20, at: 1_700_000))
        #expect(bucket.level(at: 2_600_000) == 100)
        #expect(bucket.level(at: 2_700_000) == 101)
    }

    @Test("drips that do not divide a minute are late, never early")
    func unevenDrips() {
        let bucket = DrippingBucket(capacity: 7, dripsPerMinute: 7)
        #expect(bucket.admits(7, at: 0))
        #expect(bucket.level(at: 8_571_428) == 0)
        #expect(bucket.level(at: 8_571_429) == 1)
        #expect(bucket.level(at: 59_999_999) == 6)
        #expect(bucket.level(at: 60_000_000) == 7)
    }

    @Test("the day's counter is reset at 00:00 UTC and not a microsecond sooner")
    func dayCounter() {
        let start = 20_577 * DayCounter.day
        let counter = DayCounter(allowance: 150, from: start)
        #expect(counter.admits(150, at: start + 1))
        #expect(!counter.admits(1, at: start + DayCounter.day - 1))
        #expect(counter.millisecondsLeft(at: start + DayCounter.day - 1_500) == 1)
        #expect(counter.admits(150, at: start + DayCounter.day))
        #expect(counter.left == 0)
    }
}
