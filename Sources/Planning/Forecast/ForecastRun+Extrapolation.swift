extension ForecastRun {
    /// Where the planner was asked often enough: the rest goes on at the pace that was seen, one
    /// priority after another, as far as the day's tokens go.
    mutating func extrapolate() {
        isApproximate = true
        let elapsed = max(1, (instant - began).milliseconds)
        let tokensADay = lanes.map { $0.tokens * 86_400_000 / Int(elapsed) }
        let together = tokensADay.reduce(0, +)
        // Lanes that had no turn yet have theirs when the others are done.
        for index in lanes.indices where lanes[index].calls > 0 {
            let most = Int.max / max(1, pool.allowanceTokens)
            let paid =
                together > pool.allowanceTokens
                ? min(tokensADay[index], most) * pool.allowanceTokens / together : tokensADay[index]
            extrapolate(index, tokensADay: paid, from: instant)
        }
        let free = lanes.compactMap { $0.calls > 0 ? $0.finishedAt : nil }.max() ?? instant
        for index in lanes.indices where lanes[index].calls == 0 {
            let usable = endpoints[index].spendableInADay
            extrapolate(index, tokensADay: usable, from: max(instant, free))
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
    /// The most tokens that it could spend from one reset of the pool to the next.
    var spendableInADay: Int {
        let reset = Timestamp(milliseconds: 0)
        return min(
            pool.allowanceTokens, spendable(from: reset, until: reset + .day, ledger: Ledger()))
    }
}
