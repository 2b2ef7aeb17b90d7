import Planning
import TestSupport
import Testing

/// Whole histories of both lanes: the server admits every call that the planner makes.
struct ServerAgreementTests {
    private func isRefused(_ call: VirtualRun.Call) -> Bool {
        if case .rateLimited = call.outcome { return true }
        return false
    }

    @Test(
        "nothing is refused in an hour of backlog at any latency up to 20 s",
        arguments: 1...8 as ClosedRange<UInt64>)
    func backlog(seed: UInt64) {
        var run = VirtualRun(seed: seed, latency: 0...20_000_000)
        run.queues["images"]!.isEndless = true
        run.queues["barcodes"]!.isEndless = true
        run.run(for: .seconds(3_600))
        #expect(run.calls.count > 200)
        #expect(run.calls.count(where: isRefused) == 0, "seed \(seed)")
        #expect(run.calls.allSatisfy { $0.driftTokens ?? 0 == 0 }, "seed \(seed)")
    }

    @Test(
        "nothing is refused if a few jobs come from time to time, at every priority",
        arguments: 1...8 as ClosedRange<UInt64>)
    func trickle(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var run = VirtualRun(seed: seed, latency: 0...random.pick([3_000, 700_000, 20_000_000]))
        for _ in 0..<100 {
            let endpoint = random.pick(["images", "barcodes"])
            let priority = random.pick([0, 1, 5])
            run.queues[endpoint]!.add(random.within(1...60), priority: priority, at: run.now)
            run.run(for: .milliseconds(random.within(1...40_000)))
        }
        run.run(for: .seconds(7_200))
        #expect(run.calls.count(where: isRefused) == 0, "seed \(seed)")
        #expect(run.queues.values.allSatisfy { $0.count == 0 }, "seed \(seed)")
    }

    @Test(
        "replies that are lost on their way, though counted, lead to no refusal",
        arguments: 1...6 as ClosedRange<UInt64>)
    func lostReplies(seed: UInt64) {
        var run = VirtualRun(seed: seed, latency: 0...20_000_000)
        run.provider.losesOneIn = 10
        run.queues["images"]!.isEndless = true
        run.queues["barcodes"]!.isEndless = true
        run.run(for: .seconds(3_600))
        #expect(run.calls.count(where: isRefused) == 0, "seed \(seed)")
        #expect(run.calls.allSatisfy { $0.driftTokens ?? 0 == 0 }, "seed \(seed)")
    }

    @Test(
        "a pool that runs dry is spent to the last ten, and continues at midnight",
        arguments: 1...8 as ClosedRange<UInt64>)
    func dryPool(seed: UInt64) {
        var run = VirtualRun(
            seed: seed, latency: 0...20_000_000, allowance: 7_003,
            from: .midnight - .seconds(3_600))
        run.queues["images"]!.add(2_000, at: run.now)
        run.queues["barcodes"]!.isEndless = true
        run.run(for: .seconds(3_599))
        #expect(run.provider.pool.left == 3, "seed \(seed)")
        #expect(run.queues["images"]!.completed.count == 2_000, "seed \(seed)")
        run.queues["images"]!.add(3, at: run.now)
        run.run(for: .seconds(120))
        #expect(run.calls.count(where: isRefused) == 0, "seed \(seed)")
        #expect(run.queues["images"]!.completed.count == 2_003, "seed \(seed)")
        #expect(run.provider.pool.left < 7_000, "seed \(seed)")
        #expect(run.calls.allSatisfy { $0.driftTokens ?? 0 == 0 }, "seed \(seed)")
    }

    @Test(
        "calls in progress at midnight lead to no refusal and no drift",
        arguments: 1...20 as ClosedRange<UInt64>)
    func overMidnight(seed: UInt64) {
        var run = VirtualRun(seed: seed, latency: 0...20_000_000, from: .midnight - .seconds(300))
        run.provider.losesOneIn = seed.isMultiple(of: 2) ? 5 : 0
        run.queues["images"]!.isEndless = true
        run.queues["barcodes"]!.isEndless = true
        run.run(for: .seconds(600))
        #expect(run.calls.count(where: isRefused) == 0, "seed \(seed)")
        #expect(run.calls.allSatisfy { $0.driftTokens ?? 0 == 0 }, "seed \(seed)")
    }
}
