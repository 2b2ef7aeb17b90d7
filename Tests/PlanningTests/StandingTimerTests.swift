import Planning
import Testing

/// When a lane looks for due products.
struct StandingTimerTests {
    @Test("Only a lane without a ready job looks", arguments: Hold.allCases)
    func holds(_ hold: Hold) {
        var timer = StandingTimer()
        let looks = timer.looks(hold, at: .noon)
        #expect(looks == (hold == .idle || hold == .notDue))
    }

    @Test("A lane that makes a call does not look")
    func calls() {
        var timer = StandingTimer()
        let looks = timer.looks(nil, at: .noon)
        #expect(!looks)
    }

    @Test("A lane that found nothing looks again a second later, however often it is woken")
    func spaced() {
        var timer = StandingTimer()
        let first = timer.looks(.idle, at: .noon)
        timer.looked(added: 0, nextAt: nil, at: .noon)
        let end = Timestamp.noon.after(30_000)
        #expect(timer.wake(before: end, .idle) == end)
        let second = timer.looks(.idle, at: .noon.after(999))
        #expect(timer.wake(before: end, .idle) == .noon.after(1_000))
        let third = timer.looks(.idle, at: .noon.after(1_000))
        #expect(first && !second && third)
    }

    @Test("A lane that found something looks again as soon as it is idle")
    func found() {
        var timer = StandingTimer()
        timer.looked(added: 3, nextAt: nil, at: .noon)
        let looks = timer.looks(.idle, at: .noon)
        #expect(looks)
    }

    @Test("The lane wakes when a look may find something, but not before a second has passed")
    func wakes() {
        var timer = StandingTimer()
        timer.looked(added: 0, nextAt: .noon.after(5_000), at: .noon)
        #expect(timer.wake(before: .noon.after(30_000), .notDue) == .noon.after(5_000))
        #expect(timer.wake(before: .noon.after(2_000), .notDue) == .noon.after(2_000))
        #expect(timer.wake(before: .noon.after(30_000), .tokenBucket) == .noon.after(30_000))
        timer.looked(added: 0, nextAt: .noon.after(-5_000), at: .noon)
        #expect(timer.wake(before: .noon.after(30_000), .idle) == .noon.after(1_000))
    }

    @Test("After the clock was set back it looks at once")
    func clockSetBack() {
        var timer = StandingTimer()
        timer.looked(added: 0, nextAt: nil, at: .noon)
        let looks = timer.looks(.idle, at: .noon.after(-60_000))
        #expect(looks)
    }
}
