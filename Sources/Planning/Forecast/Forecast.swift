/// When what waits will be done, and what that takes, if everything is answered and nothing is added:
/// the planner itself, run ahead in virtual time over a backlog that is known by its counts.
package struct Forecast: Equatable, Sendable {
    /// When the backlog was counted.
    package var at: Timestamp
    package var lanes: [Lane]
    package var calls: [Call]
    /// The first few days, as their 00:00 UTC, on which a call waits for the day's tokens: they are
    /// spent, or what is left of them is kept for a slower endpoint.
    package var daysOutOfTokens: [Timestamp]
    package var daysOutOfTokensCount: Int
    package var pools: [Pool]
    /// Labels that no lane has a group for, because there are too many.
    package var labelsLeftOut: Int
    /// Whether whole days were reckoned from others that were not quite the same.
    package var isApproximate: Bool
    /// How often the planner was asked: the cost of this forecast.
    package var decisions: Int

    /// A daily pool, when the backlog was counted.
    package struct Pool: Equatable, Sendable {
        package var provider: String
        package var pool: DailyPool
        /// Whose calls draw from it.
        package var endpoints: [String]
        package var tokensLeft: Int
        package var resetsAt: Timestamp
    }

    /// What an endpoint's jobs come to.
    package struct Lane: Equatable, Sendable {
        package var endpoint: String
        package var jobs: Int
        package var calls: Int
        package var tokens: Int
        /// nil when nothing waits, or when it never ends: then `standstill` says why.
        package var finishesAt: Timestamp?
        /// Where jobs wait for somebody to let the lane continue.
        package var standstill: Standstill?
        /// Jobs put off until somebody resumes them; not among `jobs`.
        package var paused: Int
        package var groups: [Group]
        /// How long a call is taken to last.
        package var callDuration: Duration
    }

    /// What a label's jobs at one endpoint come to, or those just enqueued.
    package struct Group: Equatable, Sendable {
        package var label: String?
        package var jobs: Int
        /// What they cost in calls of full steps, without others' jobs.
        package var tokens: Int
        package var finishesAt: Timestamp?
        package var paused: Int
    }

    /// One of the next calls.
    package struct Call: Equatable, Sendable {
        package var at: Timestamp
        package var endpoint: String
        package var products: Int
        package var tokens: Int
        /// What it waits for until then; nil: nothing.
        package var reason: Hold?
    }

    /// When all is done; nil when nothing waits, or when some of it never ends.
    package var finishesAt: Timestamp? {
        if lanes.contains(where: { $0.standstill != nil }) { return nil }
        return lanes.compactMap(\.finishesAt).max()
    }

    /// The pool that lets the endpoint spend least.
    package func pool(of endpoint: String) -> Pool? {
        pools.filter { $0.endpoints.contains(endpoint) }
            .min { $0.tokensLeft < $1.tokensLeft }
    }

    package subscript(endpoint: String) -> Lane? {
        lanes.first { $0.endpoint == endpoint }
    }
}

extension Forecast {
    /// - Parameters:
    ///   - callDuration: How long a call lasts; nil: what each endpoint's last calls took.
    ///   - nextCalls: How many of the next calls to list.
    package init(_ backlog: Backlog, callDuration: Duration? = nil, nextCalls: Int = 10) {
        var run = ForecastRun(backlog, callDuration: callDuration, nextCalls: nextCalls)
        run.finish()
        self = run.forecast(backlog)
    }
}
