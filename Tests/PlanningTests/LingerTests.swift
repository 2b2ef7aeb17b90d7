import Planning
import Testing

/// How long a lane with fewer than ten barcodes waits.
struct LingerTests {
    private func decide(_ ready: [Job], at now: Timestamp = .noon) -> Decision<CallPlan> {
        Planner.decide(Snapshot(endpoint: .barcodes, ready: ready), at: now)
    }

    @Test(
        "the first job of a batch lingers for two seconds, and the others go with it",
        arguments: [(0, false), (1_999, false), (2_000, true), (90_000, true)])
    func oldest(age: Int, goes: Bool) {
        let ready = jobs(1, enqueuedAt: .noon.after(-age)) + jobs(3, from: 2, enqueuedAt: .noon)
        let decision = decide(ready)
        #expect(decision.called == (goes ? ready : nil))
        #expect(decision.until == (goes ? nil : .noon.after(2_000 - age)))
    }

    @Test("the job that was added first counts, wherever it is in the batch")
    func anywhere() {
        let ready = jobs(3, enqueuedAt: .noon) + jobs(1, from: 4, enqueuedAt: .noon.after(-2_000))
        #expect(decide(ready).called == ready)
    }

    @Test("a job from the future, written under another clock, does not linger")
    func future() {
        let ready = jobs(4, enqueuedAt: .noon + .day)
        #expect(decide(ready).called == ready)
    }

    @Test("images have no tens to fill and never linger", arguments: 1...9)
    func images(count: Int) {
        let ready = jobs(count, enqueuedAt: .noon)
        let snapshot = Snapshot(endpoint: .images, ready: ready)
        #expect(Planner.decide(snapshot, at: .noon).called == ready)
    }

    @Test("an urgent call includes others only if they cost nothing more")
    func riders() {
        for urgent in 1...100 {
            let ready =
                jobs(urgent, priority: 0, enqueuedAt: .noon)
                + jobs(100, from: urgent + 1, enqueuedAt: .noon)
            let tens = (urgent + 9) / 10 * 10
            #expect(decide(ready).called == Array(ready.prefix(tens)))
            let images = Snapshot(endpoint: .images, ready: ready)
            #expect(Planner.decide(images, at: .noon).called == Array(ready.prefix(urgent)))
        }
    }

    @Test("jobs left over by a full ten go next, when they have lingered")
    func leftOver() {
        let ready = jobs(13, enqueuedAt: .noon)
        #expect(decide(ready).called == Array(ready.prefix(10)))
        let rest = Array(ready.suffix(3))
        #expect(decide(rest, at: .noon.after(400)) == .hold(.lingering, until: .noon.after(2_000)))
        #expect(decide(rest, at: .noon.after(2_000)).called == rest)
    }
}
