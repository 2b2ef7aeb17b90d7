package import Planning

extension Forecast {
    /// "done Tue 04:10 UTC", "done about 2026-06-01 04:10 UTC once a daemon runs", or why never.
    package func done(
        _ finishesAt: Timestamp?, standstill: Standstill? = nil, at endpoint: String,
        isDaemonRunning: Bool
    ) -> String {
        if finishesAt == nil, let standstill { return standstill.text(at: endpoint) }
        guard let finishesAt else { return "nothing to do" }
        let about = isApproximate ? "about " : ""
        let condition = isDaemonRunning ? "" : " once a daemon runs"
        return "done \(about)\(HumanText.minute(finishesAt, from: at))\(condition)"
    }

    package func done(_ lane: EndpointForecast, isDaemonRunning: Bool) -> String {
        done(
            lane.finishesAt, standstill: lane.standstill, at: lane.endpoint,
            isDaemonRunning: isDaemonRunning)
    }
}

extension Forecast {
    /// "up to 17,000 more follow, done by Fri 2027-05-07 at the latest"; nil where none can follow.
    package func followUps(_ lane: EndpointForecast) -> String? {
        guard lane.followUps > 0 else { return nil }
        let end: String
        if let standing = lane.followUpStandstill {
            end = standing.standstill.text(at: standing.endpoint, called: standing.endpoint)
        } else if let finishesAt = lane.finishesAtLatest {
            end = "all done by \(HumanText.minute(finishesAt, from: at)) at the latest"
        } else {
            end = "end unknown"
        }
        return "up to \(HumanText.number(lane.followUps)) more follow, \(end)"
    }

    /// The endpoint of a call, with the account where the provider has several.
    package func name(_ call: Call) -> String {
        let isFirst = pools.contains { $0.provider == call.account }
        return isFirst ? call.endpoint : "\(call.endpoint) (\(call.account))"
    }
}

extension Standstill {
    /// Why jobs of `endpoint` are not done.
    package func text(at endpoint: String, called name: String = "this endpoint") -> String {
        switch self {
        case .paused, .halted: "waits for `asinqd resume --\(endpoint)`"
        case .noAccount: Accounts.missing(for: endpoint, called: name)
        case .missingAccount:
            "some name an account that the daemon does not use: see `asinqd status`"
        case .diskFull: "waits for free disk space"
        }
    }
}

extension Hold {
    /// What a call waits for.
    package var reason: String {
        switch self {
        case .idle: "new jobs"
        case .notDue: "scheduled jobs"
        case .paused, .halted: "asinqd resume"
        case .calling: "the previous call"
        case .rateLimited: "the server's hint (429)"
        case .backingOff: "the pause after a failure"
        case .lingering: "more jobs, to fill a batch"
        case .slidingWindow: "the sliding window"
        case .tokenBucket: "the token bucket"
        case .dailyPool: "the daily reset"
        case .poolShare: "the daily reset; the rest is reserved for slower jobs"
        }
    }
}
