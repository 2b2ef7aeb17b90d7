import Planning
import Testing

@testable import Scheduling

@Suite struct BellTests {
    private static let long = Duration.seconds(60)

    private func elapsed(_ body: () async -> Void) async -> Duration {
        let began = ContinuousClock.now
        await body()
        return ContinuousClock.now - began
    }

    @Test("A bell that is rung while nobody waits is heard by the next wait")
    func rungBefore() async {
        let bell = Bell()
        bell.ring()
        #expect(await elapsed { await bell.wait(atMost: Self.long) } < .seconds(30))
    }

    @Test("However often it was rung, one wait hears all of it")
    func rungOften() async {
        let bell = Bell()
        for _ in 0..<5 { bell.ring() }
        #expect(await elapsed { await bell.wait(atMost: Self.long) } < .seconds(30))
        let second = await elapsed { await bell.wait(atMost: .milliseconds(50)) }
        #expect(second >= .milliseconds(50), "the second one waits in vain")
    }

    @Test("A wait that nobody ends is over after its time")
    func silence() async {
        let bell = Bell()
        let waited = await elapsed { await bell.wait(atMost: .milliseconds(50)) }
        #expect(waited >= .milliseconds(50) && waited < .seconds(30))
    }

    @Test("A wait is ended by a ring that comes while it lasts")
    func rungDuring() async {
        let bell = Bell()
        let ringing = Task { bell.ring() }
        #expect(await elapsed { await bell.wait(atMost: Self.long) } < .seconds(30))
        await ringing.value
    }

    @Test("The alarm of a wait that was ended early does not end the next one")
    func staleAlarm() async {
        let bell = Bell()
        for _ in 0..<200 {
            bell.ring()
            await bell.wait(atMost: .milliseconds(60))
        }
        let waited = await elapsed { await bell.wait(atMost: .milliseconds(200)) }
        #expect(waited >= .milliseconds(200))
    }

    @Test("No ring is lost, however rings and waits meet")
    func everyRing() async {
        let bell = Bell()
        let answer = Bell()
        let rounds = 2_000
        let waited = await elapsed {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for _ in 0..<rounds {
                        bell.ring()
                        await answer.wait(atMost: Self.long)
                    }
                }
                group.addTask {
                    for _ in 0..<rounds {
                        await bell.wait(atMost: Self.long)
                        answer.ring()
                    }
                }
            }
        }
        #expect(waited < .seconds(55), "a lost ring costs a minute")
    }

    @Test("A lane that is told to stop does not wait")
    func stopping() async {
        let control = LaneControl("images", idleLanes: nil, onChange: {})
        control.stop()
        #expect(control.isStopping)
        #expect(await elapsed { await control.bell.wait(atMost: Self.long) } < .seconds(30))
        #expect(await elapsed { await control.pause(Self.long) } < .seconds(30))
    }

    @Test("Until empty, lanes end together, where none could do anything by itself any more")
    func untilEmpty() {
        for hold in Hold.allCases {
            let lanes = IdleLanes(count: 2)
            let images = LaneControl("images", idleLanes: lanes, onChange: {})
            let barcodes = LaneControl("barcodes", idleLanes: lanes, onChange: {})
            #expect(!images.isDone(holding: .idle))
            #expect(
                barcodes.isDone(holding: hold) == [.idle, .paused, .halted].contains(hold))
        }
        let staying = LaneControl("images", idleLanes: nil, onChange: {})
        #expect(!staying.isDone(holding: .idle))
    }

    @Test("A lane that was idle and calls again keeps the others from ending")
    func notIdleAnyMore() {
        let lanes = IdleLanes(count: 2)
        let images = LaneControl("images", idleLanes: lanes, onChange: {})
        let barcodes = LaneControl("barcodes", idleLanes: lanes, onChange: {})
        #expect(!images.isDone(holding: .idle))
        images.callBegan()
        #expect(!barcodes.isDone(holding: .idle))
        #expect(images.isDone(holding: .idle))
        #expect(barcodes.isDone(holding: .idle))
    }
}
