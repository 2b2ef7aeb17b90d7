import Planning
import Synchronization
import Testing

@testable import Scheduling

@Suite struct GiveUpTests {
    /// A clock that a test moves.
    private final class TestClock: Sendable {
        private let instant = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { instant.withLock(\.self) }
        func pass(_ seconds: Int) { instant.withLock { $0 += .seconds(seconds) } }
    }

    private final class Count: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock(\.self) }
        func add() { count.withLock { $0 += 1 } }
    }

    private func giveUp(_ clock: TestClock) -> GiveUp {
        GiveUp(after: .seconds(60), now: { clock.now })
    }

    @Test("It is due when no call was answered for the whole time, and stays so")
    func due() {
        let clock = TestClock()
        let giveUp = giveUp(clock)
        clock.pass(59)
        #expect(!giveUp.isDue && giveUp.remaining == .seconds(1))
        clock.pass(1)
        #expect(!giveUp.isOver && giveUp.isDue && giveUp.isOver)
        giveUp.callBegan()
        giveUp.callEnded(isAnswered: true)
        #expect(giveUp.isDue)
    }

    @Test("An answer begins the time again, a failure does not")
    func answers() {
        let clock = TestClock()
        let giveUp = giveUp(clock)
        for isAnswered in [true, false] {
            clock.pass(40)
            giveUp.callBegan()
            giveUp.callEnded(isAnswered: isAnswered)
        }
        #expect(!giveUp.isDue && giveUp.remaining == .seconds(20))
        clock.pass(20)
        #expect(giveUp.isDue)
    }

    @Test("A call in flight is waited for, at whichever endpoint")
    func inFlight() {
        let clock = TestClock()
        let giveUp = giveUp(clock)
        giveUp.callBegan()
        giveUp.callBegan()
        clock.pass(100)
        #expect(!giveUp.isDue && giveUp.remaining == nil)
        giveUp.callEnded(isAnswered: false)
        #expect(!giveUp.isDue)
        giveUp.callEnded(isAnswered: false)
        #expect(giveUp.isDue)
    }

    @Test("Where the database fails the end is not waited for")
    func late() {
        let clock = TestClock()
        let giveUp = giveUp(clock)
        giveUp.callBegan()
        clock.pass(59)
        #expect(!giveUp.giveUpIfLate() && !giveUp.isOver)
        clock.pass(1)
        #expect(giveUp.giveUpIfLate() && giveUp.isOver)
    }

    @Test("All lanes end once it is due, whatever each of them waits for", arguments: Hold.allCases)
    func lanes(hold: Hold) {
        let clock = TestClock()
        let giveUp = giveUp(clock)
        let lanes = IdleLanes(count: 2)
        let rung = Count()
        let controls = ["images", "barcodes"].map {
            LaneControl($0, idleLanes: lanes, giveUp: giveUp) { rung.add() }
        }
        #expect(!controls[0].isDone(holding: .dailyPool) && !controls[0].isOver)
        clock.pass(60)
        #expect(controls[0].isDone(holding: .dailyPool) && rung.value > 0)
        #expect(controls[1].isDone(holding: hold) && controls[1].isOver)
    }
}
