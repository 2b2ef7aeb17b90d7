internal import Planning
internal import Storage

/// A limit's levels over time, as they are collected.
struct LimitSeries {
    private struct Level {
        var at: Timestamp
        var available: Int
        var capacity: Int
    }

    private let endpoint: Endpoint
    /// nil for a pool.
    private let limit: RateLimit?
    private let pool: DailyPool?
    private var levels: [Level] = []

    private init(_ endpoint: Endpoint, limit: RateLimit?, pool: DailyPool?) {
        self.endpoint = endpoint
        self.limit = limit
        self.pool = pool
    }

    /// How many instants of a part are compared for the least level.
    private static let instantsMax = 500

    /// Adds the levels of one part of the time to the series of an account.
    static func extend(
        _ series: inout [LimitSeries], with account: AccountLimits, in store: Store,
        from start: Timestamp, to end: Timestamp
    ) throws {
        let endpoints = account.inForce(at: end).endpoints
        let calls = CallsByEnd(
            try store.entries(of: endpoints, from: start, to: end),
            leaseMax: endpoints.map(\.lease).max() ?? .zero)
        var pools: [DailyPool] = []
        for endpoint in endpoints {
            for limit in endpoint.limits {
                let levels = calls.lowPoints(
                    of: limit, at: endpoint.name, from: start, to: end, max: instantsMax
                ).map { level(limit, endpoint, calls, at: $0) }
                add(levels, to: &series, LimitSeries(endpoint, limit: limit, pool: nil))
            }
            for pool in endpoint.pools where !pools.contains(pool) {
                pools.append(pool)
                let level = pool.level(Ledger(Array(calls.calls(at: end))), at: end)
                add(
                    [
                        Level(
                            at: end, available: max(0, level.tokens),
                            capacity: pool.allowanceTokens)
                    ], to: &series, LimitSeries(endpoint, limit: nil, pool: pool))
            }
        }
    }

    private static func level(
        _ limit: RateLimit, _ endpoint: Endpoint, _ calls: CallsByEnd, at instant: Timestamp
    ) -> Level {
        switch limit {
        case .slidingWindow(let window):
            // A Ledger would sort them, which takes most of the time.
            let counted = calls.calls(at: instant, over: window.period)
                .filter { window.isShared || $0.endpoint == endpoint.name }
            return Level(
                at: instant, available: max(0, window.available(counted, at: instant)),
                capacity: window.capacityTokens)
        case .tokenBucket(let bucket):
            return Level(
                at: instant,
                available: bucket.available(
                    fullAt: calls.fullAt(endpoint.name, at: instant), at: instant),
                capacity: bucket.capacityTokens)
        }
    }

    /// Keeps the least level, and the last one.
    private static func add(
        _ levels: [Level], to series: inout [LimitSeries], _ new: LimitSeries
    ) {
        let index = series.firstIndex { $0.isSame(as: new) } ?? series.endIndex
        if index == series.endIndex { series.append(new) }
        let least = levels.min { ($0.available, $0.at) < ($1.available, $1.at) }
        guard let last = levels.last, let least else { return }
        if least.available < last.available { series[index].levels.append(least) }
        series[index].levels.append(last)
    }

    /// Whether it is the same limit, perhaps with another capacity.
    private func isSame(as other: LimitSeries) -> Bool {
        if let pool {
            return other.pool.map { $0.endpoint == pool.endpoint } ?? false
        }
        guard endpoint.name == other.endpoint.name, let limit, let otherLimit = other.limit else {
            return false
        }
        return switch (limit, otherLimit) {
        case (.tokenBucket, .tokenBucket): true
        case (.slidingWindow(let first), .slidingWindow(let second)): first.period == second.period
        default: false
        }
    }

    var report: LimitHistory.Series {
        var kind = Hold.dailyPool.rawValue
        var seconds: Double?
        switch limit {
        case .slidingWindow(let window):
            kind = Hold.slidingWindow.rawValue
            seconds = Double(window.period.milliseconds) / 1_000
        case .tokenBucket: kind = Hold.tokenBucket.rawValue
        case nil: break
        }
        return LimitHistory.Series(
            provider: endpoint.provider, account: endpoint.account,
            endpoint: limit == nil ? pool?.endpoint : endpoint.name, limit: kind, seconds: seconds,
            points: levels.map {
                LimitHistory.Point(
                    at: HumanText.iso($0.at), available: $0.available, capacity: $0.capacity)
            })
    }
}
