import Planning

/// Lanes of several accounts with several slots, job by job, over one list: every call is answered after a
/// fixed time, with the balance of its account.
struct SeveralLanes {
    struct Waiting {
        var job: Job
        var account: String?
    }

    struct Call: Equatable {
        var lane: LaneID
        var start: Timestamp
        var finish: Timestamp
        var jobs: [Int64]
    }

    let endpoint: [String: Endpoint]
    let latency: Duration
    var waiting: [Waiting] = []
    private(set) var calls: [Call] = []
    private(set) var now: Timestamp
    private var ledgers: [String: Ledger] = [:]
    private var looks: [LaneID: Timestamp] = [:]
    private var open: [LaneID: (entry: LedgerEntry, jobs: [Job], finish: Timestamp)] = [:]
    private var lanes: [LaneID]
    private var left: [String: (tokens: Int, resetsAt: Timestamp)] = [:]

    /// - Parameter endpoints: One endpoint, of each account.
    init(_ endpoints: [Endpoint], latency: Duration, from start: Timestamp) {
        endpoint = Dictionary(uniqueKeysWithValues: endpoints.map { ($0.account, $0) })
        lanes = endpoints.flatMap(\.lanes)
        self.latency = latency
        now = start
        for endpoint in endpoints {
            left[endpoint.account] = (endpoint.pools[0].allowanceTokens, start.nextMidnight)
        }
    }

    /// Runs until nothing waits and nothing is under way.
    mutating func finish() {
        for lane in lanes { look(lane) }
        while let next = (open.values.map(\.finish) + looks.values).min() {
            now = next
            if let lane = lanes.first(where: { open[$0]?.finish == next }) {
                settle(lane)
                for lane in lanes { look(lane) }
            } else {
                for lane in lanes where looks[lane] == next { look(lane) }
            }
        }
    }

    private mutating func look(_ lane: LaneID) {
        let endpoint = endpoint[lane.account]!
        looks[lane] = nil
        if open[lane] != nil { return }
        let mine = waiting.filter { endpoint.jobAccounts.contains($0.account) }.map(\.job)
            .sorted { ($0.priority, $0.id) < ($1.priority, $1.id) }
        let snapshot = Snapshot(
            endpoint: endpoint, slot: lane.slot, ready: Array(mine.prefix(200)),
            ledger: ledgers[lane.account] ?? Ledger())
        switch Planner.decide(snapshot, at: now) {
        case .call(let plan):
            let taken = Set(plan.jobs.map(\.id))
            waiting.removeAll { taken.contains($0.job.id) }
            let entry = LedgerEntry(
                id: Int64(calls.count + 1), account: lane.account, endpoint: lane.endpoint,
                slot: lane.slot, reserved: plan.reservedTokens, startedAt: now,
                leaseUntil: plan.leaseUntil)
            open[lane] = (entry, plan.jobs, now + latency)
            calls.append(
                Call(lane: lane, start: now, finish: now + latency, jobs: plan.jobs.map(\.id)))
            ledgers[lane.account] = Ledger((ledgers[lane.account]?.entries ?? []) + [entry])
        case .hold(_, let until): looks[lane] = until.map { max($0, now + .milliseconds(1)) }
        case .expire: preconditionFailure("no call outlives its lease here")
        }
    }

    private mutating func settle(_ lane: LaneID) {
        let (entry, jobs, _) = open.removeValue(forKey: lane)!
        let endpoint = endpoint[lane.account]!
        if now >= left[lane.account]!.resetsAt {
            left[lane.account] = (endpoint.pools[0].allowanceTokens, now.nextMidnight)
        }
        left[lane.account]!.tokens -= entry.reserved
        let answer = Answer(
            items: [:], dailyLeft: left[lane.account]!.tokens,
            resetsIn: left[lane.account]!.resetsAt - now)
        let ledger = ledgers[lane.account]!
        let settlement = Planner.resolve(
            .succeeded(answer), of: entry, jobs: jobs, endpoint: endpoint, ledger: ledger, at: now)
        let others = ledger.entries.filter { $0.id != entry.id }
        ledgers[lane.account] = Ledger(others + [entry.settled(as: settlement, at: now)])
    }
}
