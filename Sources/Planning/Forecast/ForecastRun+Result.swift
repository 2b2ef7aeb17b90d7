extension ForecastRun {
    /// What the run came to.
    func forecast(_ backlog: Backlog) -> Forecast {
        Forecast(
            at: began,
            lanes: zip(backlog.lanes, lanes).enumerated().map { index, lane in
                self.lane(lane.0, lane.1, groups[index])
            },
            calls: nextCalls, daysOutOfTokens: daysOutOfTokens,
            daysOutOfTokensCount: daysOutOfTokensCount,
            pools: zip(pools, levels).map { virtual, level in
                Forecast.Pool(
                    provider: endpoints[0].provider, pool: virtual.pool,
                    endpoints: endpoints.filter { $0.pools.contains(virtual.pool) }.map(\.name),
                    tokensLeft: max(0, level.tokens), resetsAt: level.resetsAt)
            },
            labelsLeftOut: backlog.labelsLeftOut,
            isApproximate: isApproximate, decisions: decisions)
    }

    private func lane(
        _ backlog: LaneBacklog, _ lane: VirtualLane, _ groups: [VirtualGroup]
    ) -> Forecast.Lane {
        let tariff = backlog.endpoint.tariff
        return Forecast.Lane(
            endpoint: backlog.endpoint.name,
            jobs: backlog.running + backlog.lines.reduce(0) { $0 + $1.count },
            calls: lane.calls, tokens: lane.tokens,
            finishesAt: lane.left == 0 ? lane.finishedAt : nil,
            standstill: lane.standstill, paused: backlog.paused,
            groups: zip(backlog.groups, groups).map { group, virtual in
                Forecast.Group(
                    label: group.label, jobs: group.jobs, tokens: tariff.cost(of: group.jobs),
                    finishesAt: virtual.finishesAt, paused: group.paused)
            },
            callDuration: lane.callDuration)
    }
}
