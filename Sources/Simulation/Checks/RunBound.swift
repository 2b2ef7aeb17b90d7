internal import Planning
internal import Providers
internal import Sandbox
internal import Storage

/// The bound of a run: what the limits alone demand for the products that came in.
struct RunBound {
    /// From the start of the run until its last product could be counted.
    let milliseconds: Int64

    init(_ run: SimulatedRun) {
        let arrivals = run.book.additions
            .filter { addition in
                addition.label.map { !run.book.cancelledLabels.contains($0) } ?? true
            }
            .map { addition in
                LowerBound.Arrival(
                    atMilliseconds: addition.atMicroseconds / 1_000,
                    products: run.providers[0].endpoints.map {
                        $0.name == addition.endpoint ? addition.products : 0
                    })
            }
        let start = run.scenario.startMicroseconds / 1_000
        let ofProducts = Self.bound(run.scenario.figures).milliseconds(
            for: arrivals, from: start,
            tokensLeft: DayTokens(shared: run.scenario.figures.dailyTokens, own: [nil, nil]))
        milliseconds = max(ofProducts, Self.milliseconds(ofItems: run, from: start))
    }

    /// What lookups and searches need, those that barcodes lead to left out. At the start nothing is
    /// spent of the day, which ends at the hour of the server's.
    private static func milliseconds(ofItems run: SimulatedRun, from start: Int64) -> Int64 {
        guard let server = run.scenario.upcitemdb?.server else { return 0 }
        var calls = [0, 0]
        for submission in run.scenario.workload.submissions {
            switch submission.endpoint {
            case UPCitemdb.lookup: calls[0] += Set(submission.asins).count
            case UPCitemdb.search:
                for query in Set(submission.asins) {
                    calls[1] += SampleProducts.pages(of: query, most: submission.pages)
                }
            default: break
            }
        }
        func limits(_ bursts: [UPCitemdbLimits.Burst]) -> [BoundedEndpoint.Limit] {
            bursts.map { .window(capacity: $0.calls, periodMilliseconds: $0.milliseconds) }
        }
        let sharesPool = server.searchesSpendLookups
        let bound = LowerBound(
            endpoints: [
                .perCall(
                    limits(server.lookupBursts), batchLimit: 1,
                    dailyTokens: sharesPool ? nil : server.dailyLookups),
                .perCall(
                    limits(server.searchBursts), batchLimit: 1, dailyTokens: server.dailySearches),
            ],
            sharedLimits: server.plan == .free
                ? [.window(capacity: 1, periodMilliseconds: 10_000)] : [],
            dailyTokens: sharesPool ? server.dailyLookups : nil)
        return bound.milliseconds(
            for: calls, from: start - Int64(server.resetMinute) * 60_000, tokensLeft: bound.day)
    }

    /// The same for what is not done now, from now on.
    init(left run: SimulatedRun) throws {
        let counts = try run.outside.jobCounts(at: run.now)
        let open = run.providers[0].endpoints.map { endpoint in
            let jobs = counts[endpoint.name] ?? JobCounts()
            return jobs.ready + jobs.later + jobs.running
        }
        milliseconds = Self.bound(run.scenario.figures).milliseconds(
            for: open, from: run.time / 1_000,
            tokensLeft: DayTokens(
                shared: run.model.tokensLeft(atMilliseconds: run.time / 1_000), own: [nil, nil]))
    }

    /// In the order of the provider's endpoints: images, barcodes.
    private static func bound(_ figures: LimitProfile) -> LowerBound {
        LowerBound(
            endpoints: [
                .perProduct(
                    [.bucket(burst: figures.imagesBurst, perMinute: figures.imagesPerMinute)],
                    tariffStep: 1),
                .perProduct(
                    [.window(capacity: figures.barcodesPerMinute, periodMilliseconds: 60_000)],
                    tariffStep: 10),
            ],
            dailyTokens: figures.dailyTokens)
    }

    /// Whether the planner can be held to it: no trouble, and all of the work there at the start. What
    /// comes in later may find the tokens spent on what could have waited.
    static func isDue(_ run: SimulatedRun) -> Bool {
        let start = run.scenario.startMicroseconds
        return run.scenario.faults.isSubset(of: [.absent])
            && run.scenario.latencyMilliseconds.upperBound <= 500
            && run.scenario.workload.cancellations.isEmpty
            && run.scenario.upcitemdb.map { _ in run.isItemBacklog } ?? true
            && run.scenario.workload.submissions.allSatisfy {
                $0.atMicroseconds == start && $0.priority > 0
            }
    }
}
