extension ForecastRun {
    /// Where the planner was asked often enough: the rest goes on at the pace that was seen, one
    /// priority after another, as far as the day's tokens go.
    mutating func extrapolate() {
        isApproximate = true
        let elapsed = max(1, Int((instant - began).milliseconds))
        var leftOfADay = endpoints.compactMap(\.sharedPool).first?.allowanceTokens ?? 0
        var later: [Int] = []
        var end = instant
        // The slower lane's share of the pool is kept for it, so it comes first.
        for index in lanes.indices.sorted(by: {
            (endpoints[$0].tokensPerMinute, $0) < (endpoints[$1].tokensPerMinute, $1)
        }) {
            let pace = lanes[index].tokens * 86_400_000 / elapsed
            let sharesPool = endpoints[index].sharedPool != nil
            let tokensADay = sharesPool ? min(pace, leftOfADay) : pace
            if sharesPool { leftOfADay -= tokensADay }
            if tokensADay == 0 {
                later.append(index)
            } else {
                extrapolate(index, tokensADay: tokensADay, from: instant)
                end = max(end, lanes[index].finishedAt ?? end)
            }
        }
        // Those that had no turn have theirs when the others are done.
        for index in later {
            extrapolate(index, tokensADay: endpoints[index].spendableInADay, from: end)
        }
    }

    private mutating func extrapolate(_ index: Int, tokensADay: Int, from start: Timestamp) {
        let endpoint = endpoints[index]
        let left = lanes[index].left
        guard left > 0, lanes[index].standstill == nil else { return }
        let jobsADay = max(1, endpoint.tariff.products(for: tokensADay))
        func time(of jobs: Int) -> Timestamp {
            start + .day * (jobs / jobsADay)
                + .milliseconds(Int64(jobs % jobsADay) * 86_400_000 / Int64(jobsADay))
        }
        var before = 0
        for priority in lanes[index].lines.indices {
            let count = lanes[index].lines[priority].left
            let lastDueAt = lanes[index].lines[priority].joinAll()
            for (group, dueAt, after) in lanes[index].lines[priority].passOver(count) {
                groups[index][group].pass(at: max(time(of: before + after), dueAt ?? start))
            }
            before += count
            lanes[index].finishedAt = [
                lanes[index].finishedAt, lastDueAt, count > 0 ? time(of: before) : nil,
            ].compactMap(\.self).max()
        }
        lanes[index].tokens += endpoint.tariff.cost(of: left)
        lanes[index].calls += (left + endpoint.batchLimit - 1) / endpoint.batchLimit
        lanes[index].open = nil
    }
}

extension Endpoint {
    /// The most tokens that it could spend from one reset of its pools to the next.
    var spendableInADay: Int {
        let reset = Timestamp(milliseconds: 0)
        let most = spendable(from: reset, until: reset + .day, ledger: Ledger())
        return pools.reduce(most) { min($0, $1.allowanceTokens) }
    }
}
