import Planning
import Testing

@testable import Scheduling

@Suite struct WakeSignalTests {
    private let time = TestClock()
    private let signal = WakeSignal()

    private func next(in duration: Duration = .seconds(60)) async -> LaneMachine.Event {
        await signal.next(until: time.now + duration, time.clock)
    }

    @Test("An event that comes while nothing waits for it is kept for the next wait, once")
    func kept() async {
        for _ in 0..<5 { signal.wake() }
        #expect(signal.isPending)
        #expect(await next() == .woken)
        #expect(!signal.isPending && signal.take() == nil)
    }

    @Test("A stop comes before a wake-up, and is reported once")
    func stop() async {
        signal.wake()
        signal.stop()
        signal.stop()
        #expect(await next() == .stopRequested)
        #expect(await next() == .woken)
        signal.stop()
        #expect(signal.isStopping && !signal.isPending)
    }

    @Test("A wait without an event ends at its deadline, and not before")
    func deadline() async {
        async let event = next(in: .seconds(60))
        await time.slept()
        time.pass(.seconds(59))
        time.pass(.seconds(1))
        #expect(await event == .timeElapsed)
        #expect(await next(in: .seconds(-1)) == .timeElapsed)
    }

    @Test("An event during a wait ends it")
    func during() async {
        for event in [LaneMachine.Event.woken, .stopRequested] {
            async let next = next()
            await time.slept()
            if event == .woken { signal.wake() } else { signal.stop() }
            #expect(await next == event)
        }
    }

    @Test("The deadline of a wait that was ended early does not end the next one")
    func staleDeadline() async {
        signal.wake()
        _ = await next(in: .seconds(1))
        async let second = next(in: .seconds(10))
        await time.slept()
        time.pass(.seconds(5))
        signal.wake()
        #expect(await second == .woken)
    }

    @Test("A wait whose task is cancelled ends")
    func cancelled() async {
        let waiting = Task { await next() }
        waiting.cancel()
        #expect(await waiting.value == .timeElapsed)
    }

    @Test("No wake-up is lost, in any order of wake-ups and waits")
    func everyWakeUp() async {
        let answer = WakeSignal()
        let rounds = 2_000
        let deadline = ContinuousClock.now + .seconds(60)
        let missed = await withTaskGroup { group in
            group.addTask {
                var missed = 0
                for _ in 0..<rounds {
                    signal.wake()
                    if await answer.next(until: deadline, .system) != .woken { missed += 1 }
                }
                return missed
            }
            group.addTask {
                var missed = 0
                for _ in 0..<rounds {
                    if await signal.next(until: deadline, .system) != .woken { missed += 1 }
                    answer.wake()
                }
                return missed
            }
            return await group.reduce(0, +)
        }
        #expect(missed == 0)
    }
}
