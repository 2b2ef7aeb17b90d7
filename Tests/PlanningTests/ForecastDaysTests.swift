import TestSupport
import Testing

@testable import Planning

/// Forecasts that skip days, against the same run day by day.
struct ForecastDaysTests {
    private static func backlog(_ random: inout SplitMix64) -> Backlog {
        func counts(_ most: Int) -> [Int: Int] {
            var counts: [Int: Int] = [:]
            for priority in random.pick([[5], [5], [3, 5]]) {
                counts[priority] = random.within(1...most)
            }
            return counts
        }
        let start = Timestamp.noon.after(random.within(-40_000_000...40_000_000))
        var backlog = Backlog(
            images: random.once(in: 4) ? [:] : counts(250_000),
            barcodes: random.once(in: 4) ? [:] : counts(300_000), at: start)
        for index in backlog.queues.indices {
            let line = backlog.queues[index].lines[5]
            guard line.ready > 0 else { continue }
            backlog.queues[index].groups = (1...4).map { number in
                .label("l\(number)", upTo: random.within(1...line.ready))
            }
            if random.once(in: 3) {
                backlog.queues[index].lines[5].scheduled = [
                    ScheduledJobs(
                        dueAt: start + .day * random.within(1...6),
                        count: random.within(1...90_000),
                        ahead: random.within(0...line.ready))
                ]
            }
        }
        return backlog
    }

    /// The ends of a forecast: of the endpoints and of their groups.
    private static func ends(_ forecast: Forecast) -> [Timestamp?] {
        forecast.endpoints.flatMap { [$0.finishesAt] + $0.groups.map(\.finishesAt) }
    }

    @Test(
        "with the documented limits skipping days changes nothing at all",
        arguments: 1...3 as ClosedRange<UInt64>)
    func exact(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let backlog = Self.backlog(&random)
        let byDay = Forecast(backlog, passesOverDays: false)
        let jumped = Forecast(backlog, passesOverDays: true)
        #expect(Self.ends(jumped) == Self.ends(byDay), "seed \(seed)")
        #expect(jumped.endpoints.map(\.calls) == byDay.endpoints.map(\.calls), "seed \(seed)")
        #expect(jumped.endpoints.map(\.tokens) == byDay.endpoints.map(\.tokens), "seed \(seed)")
        #expect(jumped.daysOutOfTokensCount == byDay.daysOutOfTokensCount, "seed \(seed)")
        #expect(jumped.daysOutOfTokens == byDay.daysOutOfTokens, "seed \(seed)")
        #expect(jumped.calls == byDay.calls && !jumped.isApproximate, "seed \(seed)")
    }

    @Test("long backlogs really skip days")
    func jumps() {
        let backlog = Backlog(images: [5: 3_000_000])
        let byDay = Forecast(backlog, passesOverDays: false)
        let jumped = Forecast(backlog, passesOverDays: true)
        #expect(Self.ends(jumped) == Self.ends(byDay))
        #expect(jumped.decisions * 5 < byDay.decisions)
    }

    @Test("jobs that are due in weeks do not keep the days until then from being equal")
    func dueInWeeks() {
        var backlog = Backlog(images: [5: 2_000_000])
        let due = backlog.at + .day * 20
        backlog.queues[1].lines[5].scheduled = [ScheduledJobs(dueAt: due, count: 700, ahead: 0)]
        let byDay = Forecast(backlog, passesOverDays: false)
        let jumped = Forecast(backlog, passesOverDays: true)
        #expect(Self.ends(jumped) == Self.ends(byDay) && !jumped.isApproximate)
        #expect(jumped.decisions * 2 < byDay.decisions)
    }

    /// If no two days are the same to the millisecond, a day replaces others that are at most a call longer
    /// or shorter for each endpoint.
    @Test(
        "with limits that do not divide a day evenly the end is off by at most a call a day",
        arguments: 1...8 as ClosedRange<UInt64>)
    func approximate(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let perMinute = random.within(3...20)
        var backlog = Backlog(
            images: [5: random.within(1...40) * 10_000],
            barcodes: random.once(in: 2) ? [5: random.within(1...400_000)] : [:])
        backlog.lanes[0].endpoint.limits = [
            .tokenBucket(TokenBucket(capacityTokens: 120, tokensPerMinute: perMinute))
        ]
        let byDay = Forecast(backlog, passesOverDays: false)
        let jumped = Forecast(backlog, passesOverDays: true)
        #expect(jumped.decisions <= byDay.decisions)
        for (lane, exact) in zip(jumped.endpoints, byDay.endpoints) {
            guard let end = lane.finishesAt, let exactEnd = exact.finishesAt else { continue }
            let days = (exactEnd - byDay.at).milliseconds / Duration.day.milliseconds
            // A call of the slower lane is 100 tokens.
            let bound = max(1, days) * 100 * 60_000 / Int64(perMinute)
            let apart = abs((end - exactEnd).milliseconds)
            #expect(apart <= bound, "seed \(seed), \(lane.endpoint): \(apart) ms in \(days) days")
            #expect(jumped.isApproximate || apart == 0, "seed \(seed)")
            #expect(lane.jobs == exact.jobs)
        }
    }
}
