extension ForecastRun {
    /// Settles a call as answered.
    mutating func settle(_ call: VirtualLane.Open, _ index: Int) {
        let (endpoint, account) = (lanes[index].endpoint, lanes[index].account)
        let answer = answer(to: call.entry, at: endpoint, of: account)
        // An answered call's jobs are known, so the planner needs none.
        let settlement = Planner.resolve(
            DatedOutcome(.succeeded(answer), sentAt: call.entry.startedAt), of: call.entry,
            jobs: [],
            endpoint: endpoint, ledger: ledgers[account], at: instant)
        ledgers[account].settle(call.entry, settlement, at: instant)
        forget(account)
        lanes[index].hold = .calling
        lanes[index].finishedAt = instant
        for (queue, group) in call.groups { queues[queue].groups[group].pass(at: instant) }
        for queue in lanes[index].queues {
            for priority in queues[queue].lines.indices {
                day.note(queues[queue].lines[priority].left, queue, priority, at: instant)
            }
        }
        for (queue, priority, count) in call.leading {
            follow(count, queue, priority, at: instant)
        }
    }

    /// Adds the maximum number of jobs that answers have led to.
    mutating func follow(_ count: Int, _ queue: Int, _ priority: Int, at now: Timestamp) {
        if let target = targets[queue] {
            queues[target].lines[priority].follow(count, at: now)
            day.isDisturbed = true
        } else if let next = lanes.first(where: { $0.endpoint.name == queues[queue].endpoint })?
            .endpoint.leadsTo
        {
            let line = FollowUps.Line(
                endpoint: next, account: queues[queue].account, priority: priority)
            followUps.add(count, to: line, at: now)
        }
    }

    /// The provider's answer: with several pools, it reports the balance of the shared one.
    private mutating func answer(
        to call: LedgerEntry, at endpoint: Endpoint, of account: Int
    ) -> Answer {
        var told: VirtualPool?
        for index in pools.indices
        where pools[index].account == account && endpoint.pools.contains(pools[index].pool) {
            pools[index].charge(call.reserved, at: instant)
            if told == nil || pools[index].pool.isShared { told = pools[index] }
        }
        return Answer(
            items: [:], dailyRemaining: told?.tokens, resetsIn: told.map { $0.resetsAt - instant },
            allowance: told?.pool.allowanceTokens)
    }

    /// Keeps the entries that a decision reads, as Storage does. Of the calls before the last ones only those
    /// within the windows and since the balance in force are needed, because all were answered.
    private mutating func forget(_ account: Int) {
        let ledger = ledgers[account]
        let since = pools.reduce(instant - windowMax) {
            $1.account == account ? min($0, $1.pool.horizon(ledger, at: instant)) : $0
        }
        // Calls in flight are admitted by how long the last ones took.
        let lasting = Set(
            lanes.filter { $0.account == account && $0.endpoint.clientPolicy.callsInFlight > 1 }
                .map(\.endpoint.name))
        let lastingMin = Ledger.shortestReplyOf
        var later: [String: Int] = [:]
        var kept: [LedgerEntry] = []
        for entry in ledger.entries.reversed() {
            if let settledAt = entry.settledAt {
                let count = later[entry.endpoint, default: 0]
                if settledAt < since, count >= (lasting.contains(entry.endpoint) ? lastingMin : 1) {
                    continue
                }
                if entry.id > lastRealCall { later[entry.endpoint] = count + 1 }
            }
            kept.append(entry)
        }
        if kept.count < ledger.entries.count { ledgers[account].entries = kept.reversed() }
    }
}
