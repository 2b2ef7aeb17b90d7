import Simulation
import Testing

/// Standing jobs and ordinary ones compete, in virtual time.
struct ScheduleRunTests {
    /// Files of up to a call's worth at both endpoints, all through the day.
    private static let arrivals = (1...150).map { number in
        SimulatedBacklog.Arrival(
            endpoint: number.isMultiple(of: 2) ? "images" : "barcodes",
            products: number.isMultiple(of: 2) ? 100 : 90, afterSeconds: Int64(number) * 487)
    }

    private func answers(
        _ schedule: SimulatedSchedule?, seed: UInt64 = 1, figures: LimitProfile = .documented
    ) throws -> (report: SimulationReport, answers: [SimulatedAnswer]) {
        var backlog = SimulatedBacklog(figures: figures, latencyMilliseconds: 50...500)
        backlog.arrivals = Self.arrivals
        backlog.schedule = schedule
        var answers: [SimulatedAnswer] = []
        let run = try SimulatedRun(
            seed: seed, faults: [], backlog: backlog, onAnswer: { answers.append($0) })
        return (try run.run(), answers)
    }

    @Test(
        "Other jobs are answered no later than without the schedule, beyond a call in flight",
        arguments: [
            SimulatedSchedule(endpoint: "barcodes", products: 10_000, every: .seconds(6 * 3_600)),
            SimulatedSchedule(endpoint: "images", products: 1_500, every: .seconds(6 * 3_600)),
        ])
    func notLater(schedule: SimulatedSchedule) throws {
        let standing = Set(schedule.asins)
        let (_, without) = try answers(nil)
        let (report, with) = try answers(schedule)
        #expect(report.findings == [])
        let times = Dictionary(
            uniqueKeysWithValues: without.map { ($0.product, $0.atMilliseconds) })
        let others = with.filter { !standing.contains($0.product) }
        #expect(others.count == without.count && without.count == 75 * 190)
        #expect(with.count > others.count + 3 * schedule.products)
        // A call in flight, and another duration of its own.
        let latest = others.map { $0.atMilliseconds - times[$0.product]! }.max()!
        #expect(latest <= 1_000, "\(latest) ms")
    }

    @Test("Each product is refreshed once an interval, and not more often")
    func refreshed() throws {
        let every: Int64 = 6 * 3_600
        let schedule = SimulatedSchedule(
            endpoint: "images", products: 1_500, every: .seconds(every))
        let (_, all) = try answers(schedule)
        let standing = Set(schedule.asins)
        let byProduct = Dictionary(
            grouping: all.filter { standing.contains($0.product) }, by: \.product)
        #expect(byProduct.count == 1_500)
        for (_, answers) in byProduct {
            let times = answers.map(\.atMilliseconds).sorted()
            for (earlier, later) in zip(times, times.dropFirst()) {
                #expect(later - earlier >= every * 1_000)
                #expect(later - earlier <= every * 1_000 + 20 * 60_000)
            }
            #expect(times.last! > 86_400_000 - every * 1_000 - 20 * 60_000)
        }
    }

    @Test("Where the pool does not suffice, the floor stays until the end of the day")
    func floor() throws {
        let schedule = SimulatedSchedule(
            endpoint: "barcodes", products: 20_000, every: .seconds(3_600))
        var backlog = SimulatedBacklog(images: 300, figures: .tenth)
        backlog.schedule = schedule
        let report = try Runs.report(seed: 1, faults: [], backlog: backlog)
        #expect(report.findings == [])
        let tokens = report.endpoints.reduce(0) { $0 + $1.tokens }
        // All but a tenth, less than a call of it unused.
        #expect((13_490...13_500).contains(tokens), "\(tokens)")
    }

    @Test(
        "With the trouble that a seed chooses, all holds next to a schedule",
        arguments: 1...6 as ClosedRange<UInt64>)
    func trouble(seed: UInt64) throws {
        var backlog = SimulatedBacklog(images: 300, barcodes: 300, figures: .trial)
        backlog.schedule = SimulatedSchedule(
            endpoint: seed.isMultiple(of: 2) ? "images" : "barcodes", products: 100,
            every: .seconds(3_600))
        let report = try Runs.report(seed: seed, backlog: backlog)
        #expect(report.findings == [])
        #expect(report.jobsLost == 0)
    }
}
