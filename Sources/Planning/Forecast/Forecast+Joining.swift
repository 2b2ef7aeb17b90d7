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
