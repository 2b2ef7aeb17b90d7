/// When the queue will be finished, and its cost, if every call is answered and no job is added: the planner
/// itself, run in virtual time over a backlog that is known by its counts.
package struct Forecast: Equatable, Sendable {
    /// When the backlog was counted.
    package var at: Timestamp
    package var endpoints: [EndpointForecast]
    package var calls: [Call]
    /// The first few days, as their 00:00 UTC, on which a call waits for the day's tokens: they are spent, or
    /// the rest is reserved for a slower endpoint.
    package var daysOutOfTokens: [Timestamp]
    package var daysOutOfTokensCount: Int
    package var pools: [Pool]
    /// Labels that no endpoint has a group for, because there are too many.
    package var labelsLeftOut: Int
    /// Whether whole days were extrapolated from days that were not exactly equal.
    package var isApproximate: Bool
    /// How often the planner decided: the cost of this forecast.
    package var decisions: Int

    /// A daily pool of an account, when the backlog was counted.
    package struct Pool: Equatable, Sendable {
        package var provider: String
        package var account: String
        /// Whether the account also takes jobs that name none.
        package var isShared: Bool
        package var pool: DailyPool
        /// The endpoints that draw from it.
        package var endpoints: [String]
        package var tokensLeft: Int
        package var resetsAt: Timestamp
    }

    /// One of the next calls.
    package struct Call: Equatable, Sendable {
        package var at: Timestamp
        package var account: String
        package var endpoint: String
        package var products: Int
        package var tokens: Int
        /// The reason why it waits until then; nil: none.
        package var reason: Hold?
    }

    /// When the queue is finished; nil if it is empty, or if some of it never finishes.
    package var finishesAt: Timestamp? {
        if endpoints.contains(where: { $0.standstill != nil }) { return nil }
        return endpoints.compactMap(\.finishesAt).max()
    }

    /// When the jobs that may follow are finished too, at the latest.
    package var finishesAtLatest: Timestamp? {
        if endpoints.contains(where: { $0.standstill != nil || $0.followUpStandstill != nil }) {
            return nil
        }
        return endpoints.compactMap(\.finishesAtLatest).max()
    }

    /// The rest of the day's tokens for an endpoint's jobs that name no account.
    package func dayLeft(at endpoint: String) -> DailyPool.Level? {
        let drawn = pools.filter { $0.endpoints.contains(endpoint) }
        let shared = drawn.filter(\.isShared)
        let levels = Dictionary(grouping: shared.isEmpty ? drawn : shared, by: \.account).values
            .compactMap { pools in pools.min { $0.tokensLeft < $1.tokensLeft } }
        guard let resetsAt = levels.map(\.resetsAt).min() else { return nil }
        return DailyPool.Level(
            tokens: levels.reduce(0) { $0 + $1.tokensLeft }, resetsAt: resetsAt)
    }

    package subscript(endpoint: String) -> EndpointForecast? {
        endpoints.first { $0.endpoint == endpoint }
    }
}

extension Forecast {
    /// - Parameters:
    ///   - callDuration: How long a call lasts; nil: the duration of each endpoint's last calls.
    ///   - nextCalls: How many of the next calls to list.
    package init(_ backlog: Backlog, callDuration: Duration? = nil, nextCalls: Int = 10) {
        self.init(of: [backlog], callDuration: callDuration, nextCalls: nextCalls)
    }
}

extension Forecast {
    /// The forecasts of several providers as one: they share no limit.
    ///
    /// - Parameters:
    ///   - forecasts: One for each provider, at least one, all of the same instant.
    ///   - nextCalls: How many of the next calls to list.
    package init(joining forecasts: [Forecast], nextCalls: Int) {
        self = forecasts[0]
        let others = forecasts.dropFirst()
        endpoints += others.flatMap(\.endpoints)
        pools += others.flatMap(\.pools)
        // The calls of one provider are in order already, and the sort is stable.
        calls = forecasts.flatMap(\.calls).enumerated()
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .prefix(nextCalls).map(\.element)
        let days = Set(forecasts.flatMap(\.daysOutOfTokens)).sorted()
        daysOutOfTokensCount = max(
            days.count, forecasts.map(\.daysOutOfTokensCount).max() ?? 0)
        daysOutOfTokens = Array(days.prefix(ForecastRun.daysListed))
        // Each has counted all labels.
        labelsLeftOut = forecasts.map(\.labelsLeftOut).max() ?? 0
        isApproximate = forecasts.contains(where: \.isApproximate)
        decisions = forecasts.reduce(0) { $0 + $1.decisions }
    }
}
