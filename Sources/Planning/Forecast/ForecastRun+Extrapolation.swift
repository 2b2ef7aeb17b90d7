extension ForecastRun {
    /// Extrapolates the rest at the observed pace after the maximum number of decisions: one priority after
    /// another, as far as the day's tokens allow.
    mutating func extrapolate() {
        isApproximate = true
        for lane in lanes.indices {
            for (queue, group, end) in lanes[lane].releaseGroups() {
                queues[queue].groups[group].pass(at: end)
            }
            for call in lanes[lane].opens {
                for (queue, priority, count) in call.leading {
                    follow(count, queue, priority, at: call.finish)
                }
            }
        }
        let tokensADay = paces()
        var later: [String] = []
        var end = instant
        let names = lanes.map(\.endpoint.name).reduce(into: [String]()) { names, name in
            if !names.contains(name) { names.append(name) }
        }
        // Endpoints that lead to others come first.
        let order = names.filter(isLeading) + names.filter { !isLeading($0) }
        for name in order {
            let places = lanes.indices.filter { lanes[$0].endpoint.name == name }
            if places.allSatisfy({ tokensADay[$0] == 0 }) {
                later.append(name)
            } else {
                extrapolate(places, tokensADay, from: instant)
                end = places.compactMap { lanes[$0].finishedAt }.reduce(end, max)
            }
        }
        // Lines that had no turn have theirs when the others are done.
        for name in later {
            let places = lanes.indices.filter { lanes[$0].endpoint.name == name }
            extrapolate(places, lanes.map(\.endpoint.spendableInADay), from: end)
        }
        for lane in lanes.indices { lanes[lane].forgetCalls() }
    }

    private func isLeading(_ endpoint: String) -> Bool {
        queues.indices.contains { queues[$0].endpoint == endpoint && targets[$0] != nil }
    }

    /// By lane: its spending in a day so far, as far as its account's tokens last.
    private func paces() -> [Int] {
        let elapsed = max(1, Int((instant - began).milliseconds))
        var leftOfADay = accounts.indices.map { account in
            lanes.first { $0.account == account && $0.endpoint.sharedPool != nil }?
                .endpoint.sharedPool?.allowanceTokens ?? 0
        }
        var paces = lanes.map { $0.tokens * 86_400_000 / elapsed }
        // The slower lane's share of the pool is reserved for it, so it comes first.
        for index in lanes.indices.sorted(by: {
            (lanes[$0].endpoint.tokensPerMinute, $0) < (lanes[$1].endpoint.tokensPerMinute, $1)
        }) where lanes[index].endpoint.sharedPool != nil {
            paces[index] = min(paces[index], leftOfADay[lanes[index].account])
            leftOfADay[lanes[index].account] -= paces[index]
        }
        return paces
    }

    /// - Parameter places: The lanes of one endpoint.
    private mutating func extrapolate(
        _ places: [Int], _ tokensADay: [Int], from start: Timestamp
    ) {
        let endpoint = lanes[places[0]].endpoint
        let moving = places.filter { lanes[$0].standstill == nil }
        let worked = queues.indices.filter { queue in
            moving.contains { lanes[$0].queues.contains(queue) }
        }
        let left = worked.reduce(0) { $0 + queues[$1].left }
        guard left > 0 else { return }
        func pace(_ places: [Int]) -> Int {
            max(1, endpoint.tariff.products(for: places.reduce(0) { $0 + tokensADay[$1] }))
        }
        func time(of jobs: Int, _ jobsADay: Int) -> Timestamp {
            start + .day * (jobs / jobsADay)
                + .milliseconds(Int64(jobs % jobsADay) * 86_400_000 / Int64(jobsADay))
        }
        let together = pace(moving)
        var before = 0
        var beforeOf = Array(repeating: 0, count: queues.count)
        var finishedAt = moving.compactMap { lanes[$0].finishedAt }.max()
        for priority in 0...9 {
            for queue in worked {
                let alone = pace(moving.filter { lanes[$0].queues.contains(queue) })
                let (count, leading) = (
                    queues[queue].lines[priority].left, queues[queue].lines[priority].leading
                )
                let (place, ownPlace) = (before, beforeOf[queue])
                func end(after jobs: Int) -> Timestamp {
                    max(time(of: place + jobs, together), time(of: ownPlace + jobs, alone))
                }
                let lastDueAt = queues[queue].lines[priority].joinAll()
                for (group, dueAt, after) in queues[queue].lines[priority].passOver(count) {
                    queues[queue].groups[group].pass(at: max(end(after: after), dueAt ?? start))
                }
                for share in 1...16 where leading > 0 {
                    let done = (count - leading) + leading * share / 16
                    let due = max(end(after: done), lastDueAt ?? start)
                    let more = leading * share / 16 - leading * (share - 1) / 16
                    follow(more, queue, priority, at: due)
                }
                finishedAt = [finishedAt, lastDueAt, count > 0 ? end(after: count) : nil]
                    .compactMap(\.self).max()
                before += count
                beforeOf[queue] += count
            }
        }
        // How many jobs each account's lanes take is not known.
        let jobsADay = moving.map { max(1, tokensADay[$0]) }
        let sum = jobsADay.reduce(0, +)
        for (lane, share) in zip(moving, jobsADay) {
            let jobs = moving.count == 1 ? left : Int(Double(left) * Double(share) / Double(sum))
            lanes[lane].tokens += endpoint.tariff.cost(of: jobs)
            lanes[lane].calls += (jobs + endpoint.batchLimit - 1) / endpoint.batchLimit
            lanes[lane].finishedAt = finishedAt
        }
    }
}

extension Endpoint {
    /// The most tokens that it can spend from one reset of its pools to the next.
    var spendableInADay: Int {
        let reset = Timestamp(milliseconds: 0)
        let most = spendable(from: reset, until: reset + .day, ledger: Ledger())
        return pools.reduce(most) { min($0, $1.allowanceTokens) }
    }
}
