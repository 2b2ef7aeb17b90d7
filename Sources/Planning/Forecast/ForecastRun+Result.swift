extension ForecastRun {
    /// The result of the run.
    func forecast(_ backlog: Backlog) -> Forecast {
        let names = lanes.map(\.endpoint.name).reduce(into: [String]()) { names, name in
            if !names.contains(name) { names.append(name) }
        }
        return Forecast(
            at: began, endpoints: names.map { endpoint($0, backlog) }, calls: nextCalls,
            daysOutOfTokens: daysOutOfTokens, daysOutOfTokensCount: daysOutOfTokensCount,
            pools: zip(pools, levels).map { virtual, level in
                let drawing = lanes.filter {
                    $0.account == virtual.account && $0.endpoint.pools.contains(virtual.pool)
                }
                return Forecast.Pool(
                    provider: drawing[0].endpoint.provider, account: accounts[virtual.account],
                    isShared: drawing[0].endpoint.isShared, pool: virtual.pool,
                    endpoints: drawing.map(\.endpoint.name), tokensLeft: max(0, level.tokens),
                    resetsAt: level.resetsAt)
            },
            labelsLeftOut: backlog.labelsLeftOut,
            isApproximate: isApproximate, decisions: decisions)
    }

    private func endpoint(_ name: String, _ backlog: Backlog) -> EndpointForecast {
        let lanes = lanes.filter { $0.endpoint.name == name }
        let places = queues.indices.filter { queues[$0].endpoint == name }
        let backlogs = backlog.queues.filter { $0.endpoint == name }
        let isDone = places.allSatisfy { queues[$0].left == 0 }
        let finishesAt = isDone ? lanes.compactMap(\.finishedAt).max() : nil
        return EndpointForecast(
            endpoint: name, jobs: backlogs.reduce(0) { $0 + $1.jobs },
            calls: lanes.reduce(0) { $0 + $1.calls }, tokens: lanes.reduce(0) { $0 + $1.tokens },
            finishesAt: finishesAt, standstill: places.compactMap(standstill).first,
            paused: backlogs.reduce(0) { $0 + $1.paused },
            groups: groups(name, backlog, lanes[0].endpoint.tariff),
            callDuration: lanes[0].callDuration,
            accounts: lanes.map { lane in
                EndpointForecast.Account(
                    account: lane.endpoint.account, calls: lane.calls, tokens: lane.tokens,
                    finishesAt: lane.finishedAt, standstill: lane.standstill)
            }, finishesAtLatest: finishesAt)
    }

    /// Why jobs that remain in a queue are never done.
    private func standstill(_ queue: Int) -> Standstill? {
        guard queues[queue].left > 0 else { return nil }
        let taking = lanes.filter { $0.queues.contains(queue) }
        if taking.isEmpty { return queues[queue].account == nil ? .noAccount : .missingAccount }
        return taking.compactMap(\.standstill).first
    }

    /// A label's jobs may be in several queues.
    private func groups(
        _ endpoint: String, _ backlog: Backlog, _ tariff: Tariff
    ) -> [EndpointForecast.Group] {
        var groups: [EndpointForecast.Group] = []
        for (queue, virtual) in zip(backlog.queues, queues) where queue.endpoint == endpoint {
            for (group, end) in zip(queue.groups, virtual.groups) {
                let finishesAt = end.finishesAt
                guard let index = groups.firstIndex(where: { $0.label == group.label }),
                    group.label != nil
                else {
                    groups.append(
                        EndpointForecast.Group(
                            label: group.label, jobs: group.jobs,
                            tokens: tariff.cost(of: group.jobs), finishesAt: finishesAt,
                            paused: group.paused))
                    continue
                }
                let both = [
                    (groups[index].jobs, groups[index].finishesAt), (group.jobs, finishesAt),
                ].filter { $0.0 > 0 }.map(\.1)
                groups[index].finishesAt = both.contains(nil) ? nil : both.compactMap(\.self).max()
                groups[index].jobs += group.jobs
                groups[index].tokens = tariff.cost(of: groups[index].jobs)
                groups[index].paused += group.paused
            }
        }
        return groups
    }
}
