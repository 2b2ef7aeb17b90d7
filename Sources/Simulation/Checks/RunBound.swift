internal import Providers

/// The bound of a run: what the limits alone demand for the products that came in.
struct RunBound {
    /// From the start of the run until its last product could be counted.
    let milliseconds: Int64

    init(_ run: SimulatedRun) {
        let figures = run.scenario.figures
        let bound = LowerBound(
            endpoints: [
                BoundedEndpoint(
                    .bucket(burst: figures.imagesBurst, perMinute: figures.imagesPerMinute),
                    tariffStep: 1),
                BoundedEndpoint(
                    .window(capacity: figures.barcodesPerMinute, periodMilliseconds: 60_000),
                    tariffStep: 10),
            ],
            dailyTokens: figures.dailyTokens)
        let arrivals = run.book.additions
            .filter { addition in
                addition.label.map { !run.book.cancelledLabels.contains($0) } ?? true
            }
            .map { addition in
                let isImages = addition.endpoint == ASINScope.images
                return Arrival(
                    atMilliseconds: addition.atMicroseconds / 1_000,
                    products: isImages ? [addition.products, 0] : [0, addition.products])
            }
        milliseconds = bound.milliseconds(
            for: arrivals, from: run.scenario.startMicroseconds / 1_000,
            tokensLeft: figures.dailyTokens)
    }

    /// Whether the planner can be held to it: no trouble, and all of the work there at the start. What
    /// comes in later may find the tokens spent on what could have waited.
    static func isDue(_ run: SimulatedRun) -> Bool {
        let start = run.scenario.startMicroseconds
        return run.scenario.faults.isSubset(of: [.absent])
            && run.scenario.latencyMilliseconds.upperBound <= 500
            && run.scenario.workload.cancellations.isEmpty
            && run.scenario.workload.submissions.allSatisfy {
                $0.atMicroseconds == start && $0.priority > 0
            }
    }
}
