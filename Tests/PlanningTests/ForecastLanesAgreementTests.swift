import TestSupport
import Testing

@testable import Planning

/// The forecast of several accounts and calls in flight against their lanes' run in full, job by job.
struct ForecastLanesAgreementTests {
    private struct Case {
        var endpoints: [Endpoint] = []
        /// By priority and account, in the order in which they were added.
        var blocks: [(count: Int, priority: Int, account: String?)] = []
        var latency = Duration.milliseconds(400)

        init(seed: UInt64) {
            var random = SplitMix64(seed: seed)
            let names = random.pick([["asinscope", "second"], ["asinscope", "second", "third"]])
            let isLookup = random.once(in: 2)
            let callsInFlight = random.pick([1, 1, 2, 4])
            let allowance = random.pick([100_000, 100_000, 400])
            latency = .milliseconds(random.within(100...500))
            endpoints = names.map { name in
                Endpoint(
                    name: "any", provider: "asinscope", account: name,
                    isShared: name != "third", batchLimit: isLookup ? 1 : 100,
                    tariff: isLookup ? .perCall(batchLimit: 1) : .perTen,
                    limits: [
                        isLookup
                            ? .slidingWindow(
                                SlidingWindow(capacityTokens: 6, period: .seconds(10)))
                            : .slidingWindow(SlidingWindow(capacityTokens: 500))
                    ],
                    pools: [DailyPool(allowanceTokens: allowance)], linger: .zero,
                    timeout: .seconds(30),
                    clientPolicy: ClientPolicy(callsInFlight: callsInFlight))
            }
            for _ in 0..<random.within(2...4) {
                blocks.append(
                    (
                        isLookup ? random.within(5...80) : 10 * random.within(5...120),
                        random.pick([5, 5, 7]), random.pick([nil, nil, "second", names.last!])
                    ))
            }
        }

        var backlog: Backlog {
            var queues = [QueueBacklog(endpoint: "any")]
            var last: Int64 = 0
            for (count, priority, account) in blocks {
                let place = queues.firstIndex { $0.account == account } ?? queues.endIndex
                if place == queues.endIndex {
                    queues.append(QueueBacklog(endpoint: "any", account: account))
                }
                var line = queues[place].lines[priority]
                if line.ready == 0 { line.firstID = last + 1 }
                line.ready += count
                last += Int64(count)
                line.lastID = last
                queues[place].lines[priority] = line
            }
            return Backlog(
                at: .noon, lanes: endpoints.map { LaneCondition(endpoint: $0) }, queues: queues)
        }

        var run: SeveralLanes {
            let milliseconds = Int(latency.milliseconds)
            var run = SeveralLanes(endpoints, latency: milliseconds...milliseconds)
            for (count, priority, account) in blocks {
                run.add(count, priority: priority, account: account)
            }
            return run
        }
    }

    @Test(
        "an endpoint ends when its lanes are done, within a call of each",
        arguments: 1...25 as ClosedRange<UInt64>)
    func ends(seed: UInt64) throws {
        let sample = Case(seed: seed)
        let forecast = Forecast(sample.backlog, callDuration: sample.latency)
        var run = sample.run
        run.run()
        let end = try #require(run.records.compactMap(\.entry.settledAt).max())
        let finishesAt = try #require(forecast["any"]?.finishesAt, "seed \(seed)")
        let lanes = sample.endpoints.flatMap(\.lanes).count
        let apart = abs((finishesAt - end).milliseconds)
        let isInterleaved = Set(sample.blocks.map(\.account)).count < sample.blocks.count
        // If one queue's jobs were added in two blocks, the forecast does not know of others between them.
        let slack =
            isInterleaved
            ? (end - .noon).milliseconds / 10 + 10_000
            : sample.latency.milliseconds * Int64(lanes)
        #expect(apart <= slack, "seed \(seed): \(apart) ms of \((end - .noon).milliseconds)")
        let calls = run.records.count
        #expect(abs((forecast["any"]?.calls ?? 0) - calls) <= lanes, "seed \(seed)")
    }
}
