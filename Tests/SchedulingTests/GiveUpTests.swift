import Planning
import Testing

@testable import Scheduling

@Suite struct GiveUpTests {
    private static let images = LaneID(account: "asinscope", endpoint: "images", slot: 0)
    private static let barcodes = LaneID(account: "asinscope", endpoint: "barcodes", slot: 0)

    private func giveUp(_ clock: TestClock) -> GiveUp {
        GiveUp(after: .seconds(60), clock.clock)
    }

    @Test("It is due when no call was answered for the whole time, and stays so")
    func due() {
        let clock = TestClock()
        let giveUp = giveUp(clock)
        clock.pass(.seconds(59))
        #expect(!giveUp.isDue && giveUp.remaining == .seconds(1))
        clock.pass(.seconds(1))
        #expect(!giveUp.isOver && giveUp.isDue && giveUp.isOver)
        giveUp.callBegan(at: Self.images)
        #expect(giveUp.callEnded(at: Self.images, isAnswered: true))
    }

    @Test("An answer restarts the time, a failure does not")
    func answers() {
        let clock = TestClock()
        let giveUp = giveUp(clock)
        for isAnswered in [true, false] {
            clock.pass(.seconds(40))
            giveUp.callBegan(at: Self.images)
            #expect(!giveUp.callEnded(at: Self.images, isAnswered: isAnswered))
        }
        #expect(!giveUp.isDue && giveUp.remaining == .seconds(20))
        clock.pass(.seconds(20))
        #expect(giveUp.isDue)
    }

    @Test("It waits for a call in flight, at each lane")
    func inFlight() {
        let clock = TestClock()
        let giveUp = giveUp(clock)
        giveUp.callBegan(at: Self.images)
        giveUp.callBegan(at: Self.barcodes)
        clock.pass(.seconds(100))
        #expect(!giveUp.isDue && giveUp.remaining == .seconds(60))
        #expect(!giveUp.callEnded(at: Self.images, isAnswered: false))
        #expect(giveUp.callEnded(at: Self.barcodes, isAnswered: false))
    }

    @Test(
        "It does not wait for a call that the database does not let settle, which may still be answered"
    )
    func unsettled() {
        let clock = TestClock()
        let giveUp = giveUp(clock)
        giveUp.callBegan(at: Self.images)
        clock.pass(.seconds(59))
        #expect(!giveUp.callEnded(at: Self.images, isAnswered: false), "its settlement failed")
        #expect(!giveUp.callEnded(at: Self.images, isAnswered: true))
        clock.pass(.seconds(59))
        #expect(!giveUp.isDue)
        clock.pass(.seconds(1))
        #expect(giveUp.isDue)
    }

    @Test("It is signaled by itself, as soon as it is due")
    func inTime() async {
        let clock = TestClock()
        let giveUp = giveUp(clock)
        async let isDue = giveUp.isDueInTime()
        await clock.slept()
        clock.pass(.seconds(40))
        giveUp.callBegan(at: Self.images)
        #expect(!giveUp.callEnded(at: Self.images, isAnswered: true))
        clock.pass(.seconds(20))
        await clock.slept()
        #expect(!giveUp.isOver, "it was answered 20 seconds ago")
        clock.pass(.seconds(40))
        #expect(await isDue)
    }

    @Test("Nothing is due once the lanes have ended")
    func cancelled() async {
        let giveUp = giveUp(TestClock())
        let waiting = Task { await giveUp.isDueInTime() }
        waiting.cancel()
        #expect(await waiting.value == false)
    }
}
