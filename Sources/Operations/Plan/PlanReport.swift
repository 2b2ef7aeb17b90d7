package import Planning

/// The data of `plan`. Its JSON is a contract: fields are added, never renamed.
package struct PlanReport: Encodable, Sendable {
    package struct Endpoint: Encodable, Sendable {
        package var endpoint: String
        /// For searches, the pages that they may take.
        package var jobs: Int
        /// Jobs that wait for `asinqd resume`; not among `jobs`.
        package var paused: Int
        package var calls: Int
        package var tokens: Int
        package var finishesAt: NullableInstant
        /// Why waiting jobs are not done by themselves: a case of `Standstill`.
        package var standstill: String?
        /// The maximum number of jobs that answers of other endpoints add here; not among `jobs`.
        package var followUpsMax: Int
        /// When all is done, those that follow included, at the latest.
        package var finishesAtLatest: NullableInstant
        /// The assumed duration of a call.
        package var callMilliseconds: Int64
        package var accounts: [Account]
    }

    /// The share of one account in an endpoint's jobs.
    package struct Account: Encodable, Sendable {
        package var account: String
        package var calls: Int
        package var tokens: Int
        package var finishesAt: NullableInstant
        package var standstill: String?

        package init(_ account: EndpointForecast.Account) {
            self.account = account.account
            calls = account.calls
            tokens = account.tokens
            finishesAt = NullableInstant(instant: account.finishesAt)
            standstill = account.standstill?.rawValue
        }
    }

    package struct Call: Encodable, Sendable {
        package var at: String
        package var account: String
        package var endpoint: String
        package var products: Int
        package var tokens: Int
        /// The reason why it waits until then: a case of `Hold`.
        package var reason: String?
    }

    package var at: String
    package var isDaemonRunning: Bool
    /// The daemon's; null if none runs.
    package var processID: Int?
    package var rate: DaemonActivity.Rate
    /// Whether the times are approximate rather than exact to the second.
    package var isApproximate: Bool
    /// When all is done; null when nothing waits, or when a part of it has no end.
    package var finishesAt: NullableInstant
    package var pools: [PoolReport]
    /// The first few days on which calls wait for the day's tokens.
    package var daysOutOfTokens: [String]
    package var daysOutOfTokensCount: Int
    package var endpoints: [Endpoint]
    package var labels: [LabelForecast]
    /// Labels of jobs that wait which are not in `labels`.
    package var labelsLeftOut: Int
    package var calls: [Call]
    package var schedules: [ScheduleReport]

    package init(
        _ forecast: Forecast, _ activity: DaemonActivity, schedules: [ScheduleReport] = []
    ) {
        self.schedules = schedules
        at = HumanText.iso(forecast.at)
        isDaemonRunning = activity.isRunning
        processID = activity.processID
        rate = activity.rate
        isApproximate = forecast.isApproximate
        finishesAt = NullableInstant(instant: forecast.finishesAt)
        pools = forecast.pools.map(PoolReport.init)
        daysOutOfTokens = forecast.daysOutOfTokens.map { String(HumanText.iso($0).prefix(10)) }
        daysOutOfTokensCount = forecast.daysOutOfTokensCount
        endpoints = forecast.endpoints.map {
            Endpoint(
                endpoint: $0.endpoint, jobs: $0.jobs, paused: $0.paused, calls: $0.calls,
                tokens: $0.tokens, finishesAt: NullableInstant(instant: $0.finishesAt),
                standstill: $0.standstill?.rawValue, followUpsMax: $0.followUps,
                finishesAtLatest: NullableInstant(
                    instant: $0.followUps > 0 ? $0.finishesAtLatest : $0.finishesAt),
                callMilliseconds: $0.callDuration.milliseconds,
                accounts: $0.accounts.map(Account.init))
        }
        labels = LabelForecast.all(forecast)
        labelsLeftOut = forecast.labelsLeftOut
        calls = forecast.calls.map {
            Call(
                at: HumanText.iso($0.at), account: $0.account, endpoint: $0.endpoint,
                products: $0.products,
                tokens: $0.tokens, reason: $0.reason?.rawValue)
        }
    }
}
