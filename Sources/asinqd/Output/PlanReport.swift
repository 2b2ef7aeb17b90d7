import Planning

/// What `plan` says, as data. Its JSON is a contract: fields are added, never renamed.
struct PlanReport: Encodable {
    struct Endpoint: Encodable {
        var endpoint: String
        /// Of searches, the pages that they may take.
        var jobs: Int
        /// Jobs that wait for `asinqd resume`; not among `jobs`.
        var paused: Int
        var calls: Int
        var tokens: Int
        var finishesAt: NullableInstant
        /// Why jobs that wait are not done by themselves: the words of `Standstill`.
        var standstill: String?
        /// How long a call is taken to last.
        var callMilliseconds: Int64
    }

    struct Call: Encodable {
        var at: String
        var endpoint: String
        var products: Int
        var tokens: Int
        /// What it waits for until then: the words of `Hold`.
        var reason: String?
    }

    var at: String
    var isDaemonRunning: Bool
    /// Whether the ends are about right rather than to the second.
    var isApproximate: Bool
    /// When all is done; null when nothing waits, or when a part of it has no end.
    var finishesAt: NullableInstant
    var pools: [PoolReport]
    /// The first few days on which calls wait for the day's tokens.
    var daysOutOfTokens: [String]
    var daysOutOfTokensCount: Int
    var endpoints: [Endpoint]
    var labels: [LabelForecast]
    /// Labels of jobs that wait which are not in `labels`.
    var labelsLeftOut: Int
    var calls: [Call]

    init(_ forecast: Forecast, isDaemonRunning: Bool) {
        at = HumanText.iso(forecast.at)
        self.isDaemonRunning = isDaemonRunning
        isApproximate = forecast.isApproximate
        finishesAt = NullableInstant(instant: forecast.finishesAt)
        pools = forecast.pools.map(PoolReport.init)
        daysOutOfTokens = forecast.daysOutOfTokens.map { String(HumanText.iso($0).prefix(10)) }
        daysOutOfTokensCount = forecast.daysOutOfTokensCount
        endpoints = forecast.lanes.map {
            Endpoint(
                endpoint: $0.endpoint, jobs: $0.jobs, paused: $0.paused, calls: $0.calls,
                tokens: $0.tokens, finishesAt: NullableInstant(instant: $0.finishesAt),
                standstill: $0.standstill?.rawValue,
                callMilliseconds: $0.callDuration.milliseconds)
        }
        labels = LabelForecast.all(forecast)
        labelsLeftOut = forecast.labelsLeftOut
        calls = forecast.calls.map {
            Call(
                at: HumanText.iso($0.at), endpoint: $0.endpoint, products: $0.products,
                tokens: $0.tokens, reason: $0.reason?.rawValue)
        }
    }
}
