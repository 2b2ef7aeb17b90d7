import Testing

@testable import Planning

/// A forecast's cost is how often it asks the planner, which is bounded for every backlog.
struct ForecastCostTests {
    private func labels(_ count: Int, in jobs: Int) -> [JobGroup] {
        (1...count).map { .label("l\($0)", upTo: jobs / count * $0, jobs: jobs / count) }
    }

    @Test("ten million jobs with a thousand labels take some days of decisions")
    func tenMillion() {
        var backlog = Backlog(images: [5: 5_000_000], barcodes: [5: 5_000_000])
        for lane in 0...1 { backlog.queues[lane].groups = labels(500, in: 5_000_000) }
        let forecast = Forecast(backlog)
        #expect(forecast.decisions <= 50_000 && !forecast.isApproximate)
        for lane in forecast.endpoints {
            let ends = lane.groups.compactMap(\.finishesAt)
            #expect(ends.count == 500 && ends == ends.sorted())
            #expect(ends.last == lane.finishesAt)
        }
        // Images get a token a second after the first 120.
        let seconds = (forecast["images"]!.finishesAt! - forecast.at).milliseconds / 1_000
        #expect(abs(seconds - Int64(5_000_000 - 120)) <= 1)
    }

    /// Each of these makes days differ from one another.
    private static let awkward: [Backlog] = {
        var many = Backlog()
        var later = Backlog()
        for lane in 0...1 {
            for priority in 0...9 {
                many.queues[lane].lines[priority].ready = 400_000 + priority * 1_000
                later.queues[lane].lines[priority].scheduled = (1...100).map { day in
                    ScheduledJobs(dueAt: .noon + .day * day, count: 1_500, ahead: 0)
                }
            }
        }
        var single = Backlog(images: [5: 3_000_000], barcodes: [5: 3_000_000])
        for lane in 0...1 { single.lanes[lane].endpoint.batchLimit = 1 }
        return [many, later, single]
    }()

    @Test(
        "beyond a number of decisions the rest is extrapolated, and everything still has an end",
        arguments: 0...2)
    func bounded(number: Int) {
        var backlog = Self.awkward[number]
        for lane in 0...1 {
            backlog.queues[lane].groups = (0...9).compactMap { priority in
                let line = backlog.queues[lane].lines[priority]
                if line.count == 0 { return nil }
                let part = line.scheduled.count
                return JobGroup(
                    label: "p\(priority)", jobs: 1,
                    marks: [
                        JobGroup.Mark(
                            priority: priority, part: part,
                            position: part == 0 ? line.ready : line.scheduled[part - 1].count)
                    ])
            }
        }
        let forecast = Forecast(backlog, passesOverDays: true, decisionsMax: 20_000)
        // One event may let both lanes decide.
        #expect((20_000...20_001).contains(forecast.decisions))
        #expect(forecast.isApproximate)
        for (lane, (waiting, condition)) in zip(
            forecast.endpoints, zip(backlog.queues, backlog.lanes))
        {
            let ends = lane.groups.map(\.finishesAt)
            #expect(!ends.contains(nil) && lane.finishesAt != nil)
            #expect(ends.compactMap(\.self).max() == lane.finishesAt)
            let lastDueAt = waiting.lines.compactMap(\.scheduled.last?.dueAt).max()
            #expect(lane.finishesAt! > (lastDueAt ?? .noon))
            // No lane is faster than its limits, nor much slower than the pool.
            let days = Double((lane.finishesAt! - .noon).milliseconds) / 86_400_000
            let least = Double(lane.jobs) / Double(condition.endpoint.spendableInADay) - 1
            let most = Double(forecast.endpoints.map(\.jobs).reduce(0, +)) / 50_000 + 101
            #expect(days >= least && days <= most, "\(lane.endpoint): \(days) days")
        }
    }

    @Test("the extrapolated end is near to the simulated one", arguments: [8_000, 15_000])
    func extrapolated(decisionsMax: Int) {
        let backlog = Backlog(
            images: [1: 150_000, 5: 150_000], barcodes: [1: 150_000, 5: 150_000])
        let exact = Forecast(backlog, passesOverDays: true)
        let extrapolated = Forecast(backlog, passesOverDays: true, decisionsMax: decisionsMax)
        #expect(extrapolated.isApproximate && !exact.isApproximate)
        for (lane, whole) in zip(extrapolated.endpoints, exact.endpoints) {
            let span = (whole.finishesAt! - exact.at).milliseconds
            let apart = abs((lane.finishesAt! - whole.finishesAt!).milliseconds)
            #expect(Double(apart) <= Double(span) * 0.3, "\(lane.endpoint): \(apart) of \(span)")
        }
    }
}
