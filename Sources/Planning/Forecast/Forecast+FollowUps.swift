extension Forecast {
    /// The forecast of several providers, whose answers may lead from one to another.
    ///
    /// First, each provider's backlog runs by itself. If answers may lead to more jobs, the providers that
    /// get them run once more with the maximum number, each after the providers that lead to it. So there are
    /// two ends: one without jobs that may follow, and one if all of them do.
    ///
    /// - Parameters:
    ///   - backlogs: One for each provider, at least one, all of the same instant.
    ///   - callDuration: How long a call lasts; nil: the duration of each endpoint's last calls.
    ///   - nextCalls: How many of the next calls to list.
    package init(
        of backlogs: [Backlog], callDuration: Duration? = nil, nextCalls: Int = 10
    ) {
        var runs = backlogs.map { backlog in
            var run = ForecastRun(backlog, callDuration: callDuration, nextCalls: nextCalls)
            run.finish()
            return run
        }
        self.init(
            joining: zip(runs, backlogs).map { $0.forecast($1) }, nextCalls: nextCalls)
        let expected = backlogs.reduce(into: [String: Int]()) {
            $0.merge($1.followUps, uniquingKeysWith: +)
        }
        for index in Self.order(backlogs) {
            let (backlog, certain) = (backlogs[index], runs[index])
            var fuller = backlog
            for other in runs.indices where other != index {
                runs[other].followUps.add(to: &fuller)
            }
            let isTarget = backlog.lanes.contains { expected[$0.endpoint.name] != nil }
            guard isTarget else { continue }
            var run = ForecastRun(
                fuller, callDuration: callDuration, nextCalls: 0, withFollowUps: true)
            run.finish()
            runs[index] = run
            decisions += run.decisions
            isApproximate = isApproximate || run.isApproximate && !certain.isApproximate
            for latest in run.forecast(fuller).endpoints {
                let place = endpoints.firstIndex { $0.endpoint == latest.endpoint }!
                endpoints[place].followUps = expected[latest.endpoint] ?? 0
                endpoints[place].finishesAtLatest = latest.finishesAt
                guard endpoints[place].followUps > 0 else { continue }
                endpoints[place].followUpStandstill = latest.standstill.map {
                    EndpointForecast.FollowUpStandstill(endpoint: latest.endpoint, standstill: $0)
                }
            }
        }
        // If jobs never finish, the jobs that would follow from them have no end.
        for backlog in backlogs {
            for source in backlog.queues where source.leading > 0 {
                guard let target = backlog.target(of: source.endpoint),
                    let place = endpoints.firstIndex(where: { $0.endpoint == target }),
                    let standstill = self[source.endpoint]?.standstill,
                    endpoints[place].followUpStandstill == nil
                else { continue }
                endpoints[place].finishesAtLatest = nil
                endpoints[place].followUpStandstill = EndpointForecast.FollowUpStandstill(
                    endpoint: source.endpoint, standstill: standstill)
            }
        }
    }

    /// The providers, each after those whose answers lead to it; in their own order if the answers lead in a
    /// circle.
    private static func order(_ backlogs: [Backlog]) -> [Int] {
        func leads(_ source: Int, to target: Int) -> Bool {
            source != target
                && backlogs[source].followUps.keys.contains { name in
                    backlogs[target].lanes.contains { $0.endpoint.name == name }
                }
        }
        var order: [Int] = []
        var left = Array(backlogs.indices)
        while !left.isEmpty {
            let next =
                left.first { target in !left.contains { leads($0, to: target) } } ?? left[0]
            order.append(next)
            left.removeAll { $0 == next }
        }
        return order
    }
}
