/// The real planner in virtual time: it decides, calls are answered, and it resolves them. Lines of jobs are
/// counts, and repeated days are skipped (`turnDay`).
struct ForecastRun {
    /// Within the documented limits a day takes up to 10,000, and a backlog of any size a handful of days for
    /// each of its lines; beyond this the rest is extrapolated.
    static let decisionsMax = 60_000
    static let daysListed = 5

    let began: Timestamp
    /// At most this many decisions; the tests lower it.
    var decisionsMax = Self.decisionsMax
    /// Whether repeated days are skipped; the tests compare both.
    var passesOverDays = true

    var instant: Timestamp
    /// One for each endpoint of each account.
    var lanes: [VirtualLane]
    var queues: [VirtualQueue]
    let accounts: [String]
    /// By account.
    var ledgers: [Ledger]
    var pools: [VirtualPool]
    var day: VirtualDay
    /// nil after days that were skipped.
    var dayBefore: VirtualDay?

    var nextCalls: [Forecast.Call] = []
    private let nextCallsMax: Int
    var daysOutOfTokens: [Timestamp] = []
    var daysOutOfTokensCount = 0
    var isApproximate = false
    private(set) var decisions = 0

    /// The longest period of a window.
    let windowMax: Duration
    /// The level of each pool at the start.
    let levels: [DailyPool.Level]
    let lastRealCall: Int64
    private var lastCall: Int64

    /// By queue: the queue of this run that gets the jobs its answers lead to; nil: none.
    let targets: [Int?]
    /// Jobs that answers lead to and that join no queue of this run.
    var followUps: FollowUps

    /// - Parameter withFollowUps: Whether jobs that answers lead to join here, if their endpoint is one of
    ///   this provider.
    init(
        _ backlog: Backlog, callDuration: Duration?, nextCalls: Int, withFollowUps: Bool = false
    ) {
        let now = backlog.at
        precondition(!backlog.lanes.isEmpty)
        began = now
        instant = now
        nextCallsMax = nextCalls
        followUps = FollowUps(from: now)
        var backlog = backlog
        targets = backlog.queues.map { queue in
            guard withFollowUps, queue.leading > 0,
                let next = backlog.target(of: queue.endpoint),
                backlog.lanes.contains(where: { $0.endpoint.name == next })
            else { return nil }
            return backlog.queue(next, naming: queue.account)
        }
        let endpoints = backlog.lanes.map(\.endpoint)
        let accounts = endpoints.map(\.account).reduce(into: [String]()) { names, name in
            if !names.contains(name) { names.append(name) }
        }
        let ledgers = accounts.map { backlog.ledgers[$0] ?? Ledger() }
        self.accounts = accounts
        self.ledgers = ledgers
        var pools: [VirtualPool] = []
        var levels: [DailyPool.Level] = []
        for (account, ledger) in ledgers.enumerated() {
            let own = endpoints.filter { $0.account == accounts[account] }
            for pool in own.everyPool {
                let level = pool.level(ledger, at: now)
                let open = pool.calls(ledger).filter { $0.settledAt == nil }
                levels.append(level)
                pools.append(
                    VirtualPool(
                        pool, of: account, level, reserved: open.reduce(0) { $0 + $1.reserved }))
            }
        }
        self.pools = pools
        self.levels = levels
        lastRealCall = ledgers.flatMap(\.entries).map(\.id).max() ?? 0
        lastCall = lastRealCall
        windowMax =
            endpoints.flatMap(\.limits).map { limit in
                if case .slidingWindow(let window) = limit { window.period } else { Duration.zero }
            }.max().map { $0 + .seconds(1) } ?? .zero
        queues = backlog.queues.map { queue in
            let limits = endpoints.filter { $0.name == queue.endpoint }.map(\.batchLimit)
            return VirtualQueue(queue, batchLimit: limits.max() ?? 1)
        }
        lanes = backlog.lanes.map { lane in
            let account = accounts.firstIndex(of: lane.endpoint.account)!
            let duration = callDuration ?? ledgers[account].callDuration(at: lane.endpoint.name)
            return VirtualLane(
                lane, account: account,
                queues: lane.endpoint.jobAccounts.compactMap { named in
                    backlog.queues.firstIndex {
                        $0.endpoint == lane.endpoint.name && $0.account == named
                    }
                }, callDuration: max(.zero, duration))
        }
        day = VirtualDay(
            began: now, ends: levels.first?.resetsAt ?? now.nextMidnight, lanes, queues, state: nil)
        for index in lanes.indices {
            for entry in ledgers[lanes[index].account].calls(at: lanes[index].endpoint.name)
            where entry.settledAt == nil {
                let finish = max(now, entry.startedAt + lanes[index].callDuration)
                lanes[index].open(VirtualLane.Open(entry, finish: finish, in: backlog.queues))
            }
        }
    }

    /// Runs until the planner would never call again.
    mutating func finish() {
        for lane in lanes.indices { look(lane) }
        while let next = lanes.compactMap(\.next).min() {
            if decisions >= decisionsMax { return extrapolate() }
            if next >= day.ends {
                turnDay(next: next)
                continue
            }
            instant = max(instant, next)
            let index = lanes.firstIndex { $0.next == next }!
            if let call = lanes[index].close(by: instant) {
                settle(call, index)
                for lane in lanes.indices { look(lane) }
            } else {
                look(index)
            }
        }
    }

    /// Lets idle lanes decide, as they would in a claim, until one has to wait.
    private mutating func look(_ index: Int) {
        guard lanes[index].freeSlot != nil, lanes[index].standstill == nil else { return }
        for queue in lanes[index].queues where queues[queue].join(at: instant) {
            day.isDisturbed = true
        }
        while let slot = lanes[index].freeSlot {
            guard left(lanes[index]) > 0 else {
                lanes[index].looksAt = nil
                return
            }
            decisions += 1
            switch Planner.decide(snapshot(index, slot), at: instant) {
            case .call(let plan): open(plan, index, slot)
            case .hold(let hold, let until):
                lanes[index].hold = hold
                lanes[index].looksAt = LaneMachine.nextLook(
                    holdingUntil: until, at: instant)
                lanes[index].standstill = Standstill(hold)
                if hold == .dailyPool || hold == .poolShare { noteDayOutOfTokens() }
                return
            case .expire: preconditionFailure("an open call is answered before its lane looks")
            }
        }
    }

    /// Jobs that a lane may take, now or later.
    func left(_ lane: VirtualLane) -> Int { lane.queues.reduce(0) { $0 + queues[$1].left } }

    /// What Storage reads for a claim.
    private func snapshot(_ index: Int, _ slot: Int) -> Snapshot {
        let lane = lanes[index]
        let ledger = ledgers[lane.account]
        let siblings = lanes.filter { $0.account == lane.account }
        var peers: [PoolPeer] = []
        for peer in siblings
        where peer.endpoint.name != lane.endpoint.name && peer.endpoint.sharedPool != nil {
            guard let level = lane.endpoint.sharedPool?.level(ledger, at: instant) else { break }
            let most = PoolPeer.jobsThatMatter(
                peer.endpoint, to: lane.endpoint, among: siblings.map(\.endpoint), level, ledger,
                at: instant)
            peers.append(
                PoolPeer(
                    endpoint: peer.endpoint, isPaused: peer.isPaused,
                    resumedAfter: peer.resumedAfter,
                    waiting: queues.waiting(peer.queues, before: level.resetsAt, upTo: most)))
        }
        return Snapshot(
            endpoint: lane.endpoint, slot: slot, isPaused: lane.isPaused,
            resumedAfter: lane.resumedAfter,
            ready: queues.ready(lane.queues, batchLimit: lane.endpoint.batchLimit),
            nextDueAt: lane.queues.compactMap { queues[$0].nextDueAt }.min(), ledger: ledger,
            peers: peers)
    }

    private mutating func open(_ plan: CallPlan, _ index: Int, _ slot: Int) {
        let endpoint = lanes[index].endpoint
        lastCall += 1
        let entry = LedgerEntry(
            id: lastCall, account: endpoint.account, endpoint: endpoint.name, slot: slot,
            reserved: plan.reservedTokens, startedAt: instant, leaseUntil: plan.leaseUntil)
        ledgers[lanes[index].account].entries.append(entry)
        var call = VirtualLane.Open(entry, finish: instant + lanes[index].callDuration)
        var ending: [(queue: Int, group: Int)] = []
        for (priority, count) in Self.counts(plan.jobs) {
            for (queue, count) in queues.next(count, priority: priority, lanes[index].queues) {
                let leading = queues[queue].lines[priority].take(count)
                if leading > 0 { call.leading.append((queue, priority, leading)) }
                if queues[queue].lines[priority].waiting == 0 { day.isDisturbed = true }
                call.queues.insert(queue)
                ending += queues[queue].lines[priority].passedMarks().map { (queue, $0) }
            }
        }
        if nextCalls.count < nextCallsMax {
            nextCalls.append(
                Forecast.Call(
                    at: instant, account: endpoint.account, endpoint: endpoint.name,
                    products: plan.jobs.count, tokens: plan.reservedTokens,
                    reason: lanes[index].hold))
        }
        lanes[index].open(call)
        lanes[index].hold = nil
        lanes[index].calls += 1
        lanes[index].tokens += plan.reservedTokens
        for (queue, group) in ending {
            let calls = lanes.indices.reduce(0) { $0 + lanes[$1].wait(group, of: queue) }
            queues[queue].groups[group].wait(forCalls: calls)
        }
    }

    private static func counts(_ jobs: [Job]) -> [(priority: Int, count: Int)] {
        // They are in the order in which lanes take them, so comparing the first and the last shows whether
        // all are equal.
        if jobs.first?.priority == jobs.last?.priority {
            return jobs.first.map { [($0.priority, jobs.count)] } ?? []
        }
        return (0...9).map { priority in (priority, jobs.count { $0.priority == priority }) }
            .filter { $0.1 > 0 }
    }

    private mutating func noteDayOutOfTokens() {
        guard !day.isOutOfTokens else { return }
        day.isOutOfTokens = true
        addDaysOutOfTokens(1, from: instant.startOfDay)
    }

    mutating func addDaysOutOfTokens(_ count: Int, from first: Timestamp) {
        daysOutOfTokensCount += count
        for number in 0..<min(count, Self.daysListed - daysOutOfTokens.count) {
            daysOutOfTokens.append(first + .day * number)
        }
    }
}
