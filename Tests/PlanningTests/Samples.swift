import Planning

extension Endpoint {
    static let images = Endpoint(
        name: "images", provider: "asinscope", batchLimit: 100, tariff: .perProduct,
        limits: [.tokenBucket(.images)], pools: [.asinscope], linger: .seconds(2),
        timeout: .seconds(30))

    static let barcodes = Endpoint(
        name: "barcodes", provider: "asinscope", batchLimit: 100, tariff: .perTen,
        limits: [.slidingWindow(.barcodes)], pools: [.asinscope], linger: .seconds(2),
        timeout: .seconds(30))

    func with(limits: [RateLimit]) -> Endpoint {
        var changed = self
        changed.limits = limits
        return changed
    }
}

extension TokenBucket {
    static let images = TokenBucket(capacityTokens: 120, tokensPerMinute: 60)
}

extension SlidingWindow {
    static let barcodes = SlidingWindow(capacityTokens: 500)
}

extension DailyPool {
    static let asinscope = DailyPool(allowanceTokens: 150_000)
}

extension Timestamp {
    /// 2026-05-04 12:00 UTC.
    static let noon = Timestamp(milliseconds: 1_777_896_000_000)
    /// The reset that follows it.
    static let midnight = Timestamp(milliseconds: 1_777_939_200_000)

    func after(_ milliseconds: Int) -> Timestamp {
        Timestamp(milliseconds: self.milliseconds + Int64(milliseconds))
    }
}

/// Jobs in the order of their ids.
func jobs(
    _ count: Int, from first: Int = 1, priority: Int = 5,
    enqueuedAt: Timestamp = Timestamp(milliseconds: 0), failures: Int = 0, batchLimit: Int = 100
) -> [Job] {
    (first..<first + count).map {
        Job(
            id: Int64($0), product: "P\($0)", priority: priority, enqueuedAt: enqueuedAt,
            failures: failures, batchLimit: batchLimit)
    }
}

/// How many jobs wait at each of the ten priorities.
func waiting(_ counts: [Int: Int]) -> [Int] {
    (0...9).map { counts[$0] ?? 0 }
}

/// An answer that has an item for each job, found.
func answer(_ jobs: [Job], left: Int? = nil, resetsIn: Duration? = nil) -> CallOutcome {
    let items = jobs.map { ($0.product, Item(isFound: true, body: "{}")) }
    return .succeeded(
        Answer(
            items: Dictionary(uniqueKeysWithValues: items), dailyRemaining: left, resetsIn: resetsIn
        ))
}

extension Decision<CallPlan> {
    /// The jobs of the call, if it is one.
    var called: [Job]? {
        guard case .call(let plan) = self else { return nil }
        return plan.jobs
    }

    var hold: Hold? {
        guard case .hold(let hold, _) = self else { return nil }
        return hold
    }

    var until: Timestamp? {
        guard case .hold(_, let until) = self else { return nil }
        return until
    }
}
