import TestSupport
import Testing

@testable import Planning

/// The forecast against the planner's run in full, job by job, with a server that checks each call.
struct ForecastAgreementTests {
    private static let latency = 400

    private struct Case {
        var ready: [String: [Int: Int]] = [:]
        var later: [(endpoint: String, dueAt: Timestamp, priority: Int, count: Int)] = []
        var allowance = 150_000
        var start = Timestamp.noon

        init(seed: UInt64) {
            var random = SplitMix64(seed: seed)
            allowance = random.pick([150_000, 150_000, 700, 2_000])
            start = random.pick([.noon, .midnight.after(-120_000), .midnight.after(-3_600_000)])
            for endpoint in ["images", "barcodes"] where !random.once(in: 6) {
                for priority in random.pick([[5], [1, 5], [0, 5, 9]]) {
                    ready[endpoint, default: [:]][priority] = random.pick([
                        random.within(1...30), random.within(100...900), 10 * random.within(1...90),
                    ])
                }
                if random.once(in: 3) {
                    let due = start.after(random.within(1...100_000))
                    later.append((endpoint, due, random.pick([1, 5]), random.within(1...300)))
                }
            }
        }

        var backlog: Backlog {
            let queues = [Endpoint.images, .barcodes].map { endpoint in
                var queue = QueueBacklog(
                    endpoint, ready: ready[endpoint.name] ?? [:],
                    later: later.filter { $0.endpoint == endpoint.name }.map {
                        ($0.dueAt, $0.priority, $0.count, ready[endpoint.name]?[$0.priority] ?? 0)
                    })
                for priority in 0...9 { queue.lines[priority].lastEnqueuedAt = start }
                return queue
            }
            return Backlog(at: start, of: [.images, .barcodes], queues).with(allowance: allowance)
        }

        var run: VirtualRun {
            let latency = ForecastAgreementTests.latency * 1_000
            var run = VirtualRun(latency: latency...latency, allowance: allowance, from: start)
            // As in the forecast. If the server counted elsewhere in a call, the reset in its reply would be
            // later by the rest of the call, and then a day may have a call more or less.
            run.judgesAtFinish = true
            for endpoint in ["images", "barcodes"] {
                for (priority, count) in (ready[endpoint] ?? [:]).sorted(by: { $0.key < $1.key }) {
                    run.queues[endpoint]!.add(count, priority: priority, at: start)
                }
            }
            for (endpoint, dueAt, priority, count) in later {
                run.queues[endpoint]!.add(
                    count, priority: priority, at: start, dueAt: dueAt)
            }
            return run
        }
    }

    @Test(
        "each endpoint ends when it would, within a call", arguments: 1...50 as ClosedRange<UInt64>)
    func ends(seed: UInt64) {
        let sample = Case(seed: seed)
        let forecast = Forecast(sample.backlog, callDuration: .milliseconds(Self.latency))
        var run = sample.run
        run.run(for: .day * 40)
        for lane in forecast.endpoints {
            let calls = run.calls.filter { $0.endpoint == lane.endpoint && $0.outcome != nil }
            let end = calls.map(\.finish).max().map { Timestamp(milliseconds: $0 / 1_000) }
            #expect((end == nil) == (lane.finishesAt == nil), "seed \(seed)")
            guard let end, let finishesAt = lane.finishesAt else { continue }
            let apart = abs((finishesAt - end).milliseconds)
            #expect(apart <= Int64(Self.latency), "seed \(seed), \(lane.endpoint): \(apart) ms")
            #expect(calls.map(\.products).reduce(0, +) == lane.jobs, "seed \(seed)")
            #expect(calls.count == lane.calls, "seed \(seed)")
        }
    }

    @Test(
        "labels end with the call that takes their last job",
        arguments: 1...30 as ClosedRange<UInt64>)
    func labels(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let endpoint: Endpoint = random.pick([.images, .barcodes])
        let count = random.within(50...1_500)
        let positions = (1...5).map { _ in random.within(1...count) }
        var queue = QueueBacklog(
            endpoint, ready: [5: count],
            groups: positions.map { .label("l\($0)", upTo: $0) })
        queue.lines[5].lastEnqueuedAt = .noon
        let forecast = Forecast(
            Backlog(at: .noon, of: [endpoint], [queue]), callDuration: .milliseconds(Self.latency))
        let latency = Self.latency * 1_000
        var run = VirtualRun(latency: latency...latency)
        run.queues[endpoint.name]!.add(count, at: .noon)
        run.run(for: .day)
        for (position, group) in zip(positions, forecast.endpoints[0].groups) {
            var done = 0
            let call = run.calls.first { call in
                done += call.products
                return done >= position
            }
            let end = Timestamp(milliseconds: call!.finish / 1_000)
            let apart = abs((group.finishesAt! - end).milliseconds)
            #expect(apart <= Int64(Self.latency), "seed \(seed), position \(position)")
        }
    }
}
