internal import Planning

extension ModelStore {
    /// `Store.claim`: a call is open afterwards if `decide` says so.
    mutating func claim(
        _ lane: Int, _ endpoints: [Endpoint], at now: Timestamp,
        decide: (Snapshot, Timestamp) -> Decision<CallPlan>
    ) throws(ModelBreach) -> Decision<OpenCall> {
        promoteDue(lane, at: now)
        switch decide(snapshot(lane, endpoints, at: now), now) {
        case .call(let plan): return .call(try open(plan, lane, endpoints, at: now))
        case .expire(let callID): return .expire(callID: callID)
        case .hold(let hold, let until): return .hold(hold, until: until)
        }
    }

    private mutating func open(
        _ plan: CallPlan, _ lane: Int, _ endpoints: [Endpoint], at now: Timestamp
    ) throws(ModelBreach) -> OpenCall {
        let name = endpoints[lane].name
        guard !openCalls.contains(where: { $0.endpoint == name }) else {
            throw ModelBreach(.inOneCall, "\(name) has a call open already")
        }
        let id = Int64(ledger.count + 1)
        ledger.append(
            LedgerEntry(
                id: id, account: endpoints[lane].account, endpoint: name,
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
            jobs[index].state = .running(callID: id)
            jobs[index].job.lastCallID = id
        }
        return OpenCall(entry: ledger.last!, jobs: plan.jobs)
    }

    private mutating func promoteDue(_ lane: Int, at now: Timestamp) {
        for index in jobs.indices where jobs[index].lane == lane {
            if case .available(let notBefore?) = jobs[index].state, notBefore <= now {
                jobs[index].state = .available(notBefore: nil)
            }
        }
    }

    private func snapshot(_ lane: Int, _ endpoints: [Endpoint], at now: Timestamp) -> Snapshot {
        let endpoint = endpoints[lane]
        let ledger = Ledger(ledger)
        // Both endpoints draw from the pool that is named first.
        let pool = endpoint.pools[0].level(ledger, at: now)
        let rival = endpoints[1 - lane]
        let most = Rival.jobsThatMatter(
            rival, to: endpoint, among: endpoints, pool, ledger, at: now)
        let ready = ready(lane, most: endpoint.batchLimit * 2)
        return Snapshot(
            endpoint: endpoint, resumedAfter: resumedAfter[lane], ready: ready,
            nextDueAt: dueAt(lane).min(), ledger: ledger,
            rivals: [
                Rival(
                    endpoint: rival, resumedAfter: resumedAfter[1 - lane],
                    waiting: waiting(
                        1 - lane,
                        through: Rival.lastPriorityThatMatters(rival, to: endpoint, ready),
                        before: pool.resetsAt, upTo: most))
            ])
    }

    /// So many at most that never failed, and as many of the others.
    private func ready(_ lane: Int, most: Int) -> [Job] {
        let ready = jobs.filter { $0.lane == lane && $0.state == .available(notBefore: nil) }
            .map(\.job).sorted { ($0.priority, $0.id) < ($1.priority, $1.id) }
        let some =
            ready.filter { $0.failures == 0 }.prefix(most)
            + ready.filter { $0.failures > 0 }.prefix(most)
        return some.sorted { ($0.priority, $0.id) < ($1.priority, $1.id) }
    }

    private func dueAt(_ lane: Int) -> [Timestamp] {
        jobs.compactMap { job in
            guard job.lane == lane, case .available(let notBefore?) = job.state else { return nil }
            return notBefore
        }
    }

    /// As Storage counts: jobs that may run at once, those of them that failed before, and those that
    /// are due later, each up to what is left to count.
    private func waiting(
        _ lane: Int, through last: Int, before reset: Timestamp, upTo most: Int
    ) -> [Int] {
        var left = max(0, most)
        return (0...9).map { priority in
            guard priority <= last else { return 0 }
            var counts = [0, 0, 0]
            for job in jobs where job.lane == lane && job.job.priority == priority {
                guard case .available(let notBefore) = job.state else { continue }
                if let notBefore {
                    if notBefore < reset { counts[2] += 1 }
                } else {
                    counts[job.job.failures == 0 ? 0 : 1] += 1
                }
            }
            let counted = counts.reduce(0) { $0 + min($1, left) }
            left = max(0, left - counted)
            return counted
        }
    }
}
