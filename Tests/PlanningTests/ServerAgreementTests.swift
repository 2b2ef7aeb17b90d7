import Planning
import Testing

/// Whole histories of both lanes: what the planner lets go, the server takes.
struct ServerAgreementTests {
    private func isRefused(_ call: VirtualRun.Call) -> Bool {
        if case .rateLimited = call.outcome { return true }
        return false
    }

    @Test("nothing is refused in six hours of backlog at any latency up to 20 s", arguments: 1...8 as ClosedRange<UInt64>)
    func backlog(seed: UInt64) {
        var run = VirtualRun(seed: seed, latency: 0...20_000_000)
        run.queues["images"]!.isEndless = true
        run.queues["barcodes"]!.isEndless = true
        run.run(for: .seconds(6 * 3_600))
        #expect(run.calls.count > 1_000)
        #expect(run.calls.count(where: isRefused) == 0, "seed \(seed)")
        #expect(run.calls.allSatisfy { $0.driftTokens ?? 0 == 0 }, "seed \(seed)")
    }

    @Test("nothing is refused where few jobs come now and then, at every priority", arguments: 1...8 as ClosedRange<UInt64>)
    func trickle(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var run = VirtualRun(seed: seed, latency: 0...random.pick([3_000, 700_000, 20_000_000]))
        for _ in 0..<300 {
            let endpoint = random.pick(["images", "barcodes"])
            let priority = random.pick([0, 1, 5])
            run.queues[endpoint]!.add(random.within(1...60), priority: priority, at: run.now)
            run.run(for: .milliseconds(random.within(1...40_000)))
        }
        run.run(for: .seconds(7_200))
        #expect(run.calls.count(where: isRefused) == 0, "seed \(seed)")
        #expect(run.queues.values.allSatisfy { $0.count == 0 }, "seed \(seed)")
    }

    @Test("replies that are lost on their way, though counted, lead to no refusal", arguments: 1...6 as ClosedRange<UInt64>)
    func lostReplies(seed: UInt64) {
        var run = VirtualRun(seed: seed, latency: 0...20_000_000)
        run.provider.losesOneIn = 10
        run.queues["images"]!.isEndless = true
        run.queues["barcodes"]!.isEndless = true
        run.run(for: .seconds(3 * 3_600))
        #expect(run.calls.count(where: isRefused) == 0, "seed \(seed)")
        #expect(run.calls.allSatisfy { $0.driftTokens ?? 0 == 0 }, "seed \(seed)")
    }

    @Test("a pool that runs dry is spent to the end, refuses nothing and goes on at midnight", arguments: 1...8 as ClosedRange<UInt64>)
    func dryPool(seed: UInt64) {
        var run = VirtualRun(
            seed: seed, latency: 0...20_000_000, allowance: 7_003,
            from: .midnight - .seconds(3_600))
        run.queues["images"]!.isEndless = true
        run.queues["barcodes"]!.isEndless = true
        run.run(for: .seconds(3_599))
        #expect(run.provider.pool.left < 10, "seed \(seed)")
        run.run(for: .seconds(1_800))
        #expect(run.calls.count(where: isRefused) == 0, "seed \(seed)")
        let morning = run.calls.filter { $0.start >= Timestamp.midnight.milliseconds * 1_000 }
        #expect(Set(morning.map(\.endpoint)) == ["images", "barcodes"], "seed \(seed)")
        #expect(run.calls.allSatisfy { $0.driftTokens ?? 0 == 0 }, "seed \(seed)")
    }
}
