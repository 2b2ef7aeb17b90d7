internal import Planning

extension ModelStore {
    /// `Store.claim`: a call is open afterwards if `decide` says so.
    ///
    /// - Parameter number: Of the lane's endpoint in `endpoints`.
    mutating func claim(
        _ number: Int, slot: Int, _ endpoints: [Endpoint], _ rules: ModelRules, at now: Timestamp
    ) throws(ModelBreach) -> Decision<OpenCall> {
        promoteDue(
            number % ModelWorld.endpointCount, rules.jobAccounts(endpoints[number]), at: now)
        let snapshot = snapshot(number, slot: slot, endpoints, rules, at: now)
        switch rules.decide(snapshot, now) {
        case .call(let plan):
            return .call(try open(plan, number, slot: slot, endpoints, at: now))
        case .expire(let callID): return .expire(callID: callID)
        case .hold(let hold, let until): return .hold(hold, until: until)
        }
    }

    private mutating func open(
        _ plan: CallPlan, _ number: Int, slot: Int, _ endpoints: [Endpoint], at now: Timestamp
    ) throws(ModelBreach) -> OpenCall {
        let endpoint = endpoints[number]
        let calls = calls(at: endpoint)
        guard !calls.contains(where: { $0.settledAt == nil && $0.slot == slot }) else {
            throw ModelBreach(.inOneCall, "\(endpoint.name) has a call open already")
        }
        guard
            !calls.contains(where: {
                $0.outcome == .unauthorized && $0.id > resumedAfter[number]
            })
        else { throw ModelBreach(.refusedKeyHalts, "\(endpoint.name) continues to call") }
        let id = Int64(ledger.count + 1)
        ledger.append(
            LedgerEntry(
                id: id, account: endpoint.account, endpoint: endpoint.name, slot: slot,
                reserved: plan.reservedTokens, startedAt: now,
                leaseUntil: plan.leaseUntil))
        for job in plan.jobs {
            let index = Int(job.id) - 1
            guard case .available = jobs[index].state else {
                throw ModelBreach(.inOneCall, "\(job.product) does not wait")
            }
            guard !jobs[index].isAnswered else {
                throw ModelBreach(.notAskedAgain, "\(job.product) was answered")
            }
            if let owner = jobs[index].account, owner != endpoint.account {
                throw ModelBreach(.ownJobs, "\(job.product) by \(endpoint.account)")
            }
            jobs[index].state = .running(callID: id)
            jobs[index].job.lastCallID = id
        }
        return OpenCall(entry: ledger.last!, jobs: plan.jobs)
    }

    private mutating func promoteDue(
        _ kind: Int, _ accounts: [String?], at now: Timestamp
    ) {
        for index in jobs.indices
        where jobs[index].kind == kind && accounts.contains(jobs[index].account) {
            if case .available(let notBefore?) = jobs[index].state, notBefore <= now {
                jobs[index].state = .available(notBefore: nil)
            }
        }
    }

    private func snapshot(
        _ number: Int, slot: Int, _ endpoints: [Endpoint], _ rules: ModelRules, at now: Timestamp
    ) -> Snapshot {
        let endpoint = endpoints[number]
        let kind = number % ModelWorld.endpointCount
        let lines = rules.jobAccounts(endpoint)
        let ledger = Ledger(ledger.filter { rules.isSeen($0, endpoint) })
        // Both endpoints of an account draw from the pool that is named first.
        let pool = endpoint.pools[0].level(ledger, at: now)
        let other = number ^ 1
        let peer = endpoints[other]
        let most = PoolPeer.jobsThatMatter(
            peer, to: endpoint, among: [endpoint, peer], pool, ledger, at: now)
        let ready = lines.flatMap { self.ready(kind, $0, most: endpoint.batchLimit * 2) }
            .sorted { ($0.priority, $0.id) < ($1.priority, $1.id) }
        return Snapshot(
            endpoint: endpoint, slot: slot, resumedAfter: resumedAfter[number], ready: ready,
            nextDueAt: dueAt(kind, lines).min(), ledger: ledger,
            peers: [
                PoolPeer(
                    endpoint: peer, resumedAfter: resumedAfter[other],
                    waiting: waiting(
                        1 - kind, lines,
                        through: PoolPeer.lastPriorityThatMatters(peer, to: endpoint, ready),
                        before: pool.resetsAt, upTo: most))
            ])
    }

    /// At most `most` that never failed, and as many of the others.
    private func ready(_ kind: Int, _ account: String?, most: Int) -> [Job] {
        let ready = jobs.filter {
            $0.kind == kind && $0.account == account && $0.state == .available(notBefore: nil)
        }
        .map(\.job).sorted { ($0.priority, $0.id) < ($1.priority, $1.id) }
        return Array(ready.filter { $0.failures == 0 }.prefix(most))
            + ready.filter { $0.failures > 0 }.prefix(most)
    }

    private func dueAt(_ kind: Int, _ accounts: [String?]) -> [Timestamp] {
        jobs.compactMap { job in
            guard job.kind == kind, accounts.contains(job.account),
                case .available(let notBefore?) = job.state
            else { return nil }
            return notBefore
        }
    }

    /// As Storage counts: jobs that may run at once, those of them that failed before, and those that
    /// are due later, each up to what is left to count.
    private func waiting(
        _ kind: Int, _ accounts: [String?], through last: Int, before reset: Timestamp,
        upTo most: Int
    ) -> [Int] {
        var left = max(0, most)
        return (0...9).map { priority in
            guard priority <= last else { return 0 }
            var counted = 0
            for account in accounts where left > 0 {
                let more = min(
                    counts(kind, account, priority, before: reset).reduce(0, +), left)
                counted += more
                left -= more
            }
            return counted
        }
    }

    private func counts(
        _ kind: Int, _ account: String?, _ priority: Int, before reset: Timestamp
    ) -> [Int] {
        var counts = [0, 0, 0]
        for job in jobs
        where job.kind == kind && job.account == account && job.job.priority == priority {
            guard case .available(let notBefore) = job.state else { continue }
            if let notBefore {
                if notBefore < reset { counts[2] += 1 }
            } else {
                counts[job.job.failures == 0 ? 0 : 1] += 1
            }
        }
        return counts
    }
}
