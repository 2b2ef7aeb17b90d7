/// The real planner in virtual time: it decides, calls are answered, and it resolves them. Lines of
/// jobs are counts, and days that repeat themselves are passed over (`turnDay`).
struct ForecastRun {
    /// Within the documented limits a day takes up to 10,000, and a backlog of any size a handful of
    /// days for each of its lines; beyond this the rest is reckoned from what was seen.
    static let decisionsMost = 60_000
    static let daysListed = 5

    let began: Timestamp
    /// At most this many decisions; the tests lower it.
    var decisionsMost = Self.decisionsMost
    /// Whether days that repeat themselves are passed over; the tests compare both.
    var passesOverDays = true

    var instant: Timestamp
    var lanes: [VirtualLane]
    var ledger: Ledger
    var pools: [VirtualPool]
    var day: VirtualDay
    /// nil after days that were passed over.
    var dayBefore: VirtualDay?
    /// By lane.
    var groups: [[VirtualGroup]]

    var nextCalls: [Forecast.Call] = []
    private let nextCallsMost: Int
    var daysOutOfTokens: [Timestamp] = []
    var daysOutOfTokensCount = 0
    var isApproximate = false
    private(set) var decisions = 0

    let endpoints: [Endpoint]
    /// How far back a window looks, at most.
    let windowLongest: Duration
    /// The level of each pool at first.
    let levels: [DailyPool.Level]
    private let lastRealCall: Int64

    init(_ backlog: Backlog, callDuration: Duration?, nextCalls: Int) {
        let now = backlog.at
        precondition(!backlog.lanes.isEmpty)
        began = now
        instant = now
        ledger = backlog.ledger
        endpoints = backlog.lanes.map(\.endpoint)
        var pools: [VirtualPool] = []
        levels = endpoints.everyPool.map { pool in
            let level = pool.level(backlog.ledger, at: now)
            let open = pool.calls(backlog.ledger).filter { $0.settledAt == nil }
            pools.append(VirtualPool(pool, level, reserved: open.reduce(0) { $0 + $1.reserved }))
            return level
        }
        self.pools = pools
        lastRealCall = ledger.entries.last?.id ?? 0
        nextCallsMost = nextCalls
        groups = backlog.lanes.map { $0.groups.map(VirtualGroup.init) }
        windowLongest =
            endpoints.flatMap(\.limits).map { limit in
                if case .slidingWindow(let window) = limit { window.period } else { Duration.zero }
            }.max().map { $0 + .seconds(1) } ?? .zero
        lanes = backlog.lanes.map { lane in
            let duration = callDuration ?? backlog.ledger.callDuration(at: lane.endpoint.name)
            return VirtualLane(lane, callDuration: max(.zero, duration))
        }
        day = VirtualDay(began: now, ends: levels[0].resetsAt, lanes, state: nil)
        for index in lanes.indices {
            guard let entry = ledger.open(at: endpoints[index].name) else { continue }
            let finish = max(now, entry.startedAt + lanes[index].callDuration)
            lanes[index].open = (entry, finish)
        }
    }

    /// Runs until nothing is left that the planner would ever do.
    mutating func finish() {
        for lane in lanes.indices { look(lane) }
        while let next = lanes.compactMap(\.next).min() {
            if decisions >= decisionsMost { return extrapolate() }
            if next >= day.ends {
                turnDay(next: next)
                continue
            }
            instant = max(instant, next)
            let index = lanes.firstIndex { $0.next == next }!
            if lanes[index].open != nil {
                settle(index)
                for lane in lanes.indices { look(lane) }
            } else {
                look(index)
            }
        }
    }

    /// A lane without a call decides, as it would in a claim.
    private mutating func look(_ index: Int) {
        guard lanes[index].open == nil, lanes[index].standstill == nil else { return }
        if lanes[index].join(at: instant) { day.isDisturbed = true }
        guard lanes[index].left > 0 else {
            lanes[index].looksAt = nil
            return
        }
        decisions += 1
        switch Planner.decide(snapshot(index), at: instant) {
        case .call(let plan): open(plan, index)
        case .hold(let hold, let until):
            lanes[index].hold = hold
            lanes[index].looksAt = until.map { max($0, instant + .milliseconds(1)) }
            lanes[index].standstill = Standstill(hold)
            if hold == .dailyPool || hold == .poolShare { noteDayOutOfTokens() }
        case .expire: preconditionFailure("an open call is answered before its lane looks")
        }
    }

    /// The same as Storage reads for a claim.
    private func snapshot(_ index: Int) -> Snapshot {
        let lane = lanes[index]
        var rivals: [Rival] = []
        for (other, rival) in lanes.enumerated()
        where other != index && rival.endpoint.sharedPool != nil {
            guard let level = lane.endpoint.sharedPool?.level(ledger, at: instant) else { break }
            let most = Rival.jobsThatMatter(
                rival.endpoint, to: lane.endpoint, among: endpoints, level, ledger, at: instant)
            rivals.append(
                Rival(
                    endpoint: rival.endpoint, isPaused: rival.isPaused,
                    resumedAfter: rival.resumedAfter,
                    waiting: rival.waiting(before: level.resetsAt, upTo: most)))
        }
        return Snapshot(
            endpoint: lane.endpoint, isPaused: lane.isPaused, resumedAfter: lane.resumedAfter,
            ready: lane.ready, nextDueAt: lane.nextDueAt, ledger: ledger, rivals: rivals)
    }

    private mutating func open(_ plan: CallPlan, _ index: Int) {
        let endpoint = endpoints[index]
        let entry = LedgerEntry(
            id: (ledger.entries.last?.id ?? 0) + 1, account: endpoint.account,
            endpoint: endpoint.name,
            reserved: plan.reservedTokens, startedAt: instant, leaseUntil: plan.leaseUntil)
        ledger.entries.append(entry)
        for (priority, count) in Self.counts(plan.jobs) {
            lanes[index].lines[priority].take(count)
            if lanes[index].lines[priority].waiting == 0 { day.isDisturbed = true }
        }
        lanes[index].open = (entry, instant + lanes[index].callDuration)
        lanes[index].calls += 1
        lanes[index].tokens += plan.reservedTokens
        if nextCalls.count < nextCallsMost {
            nextCalls.append(
                Forecast.Call(
                    at: instant, endpoint: endpoint.name, products: plan.jobs.count,
                    tokens: plan.reservedTokens, reason: lanes[index].hold))
        }
    }

    private static func counts(_ jobs: [Job]) -> [(priority: Int, count: Int)] {
        // In the order in which they are taken, so the first and the last tell whether all are alike.
        if jobs.first?.priority == jobs.last?.priority {
            return jobs.first.map { [($0.priority, jobs.count)] } ?? []
        }
        return (0...9).map { priority in (priority, jobs.count { $0.priority == priority }) }
            .filter { $0.1 > 0 }
    }

    private mutating func settle(_ index: Int) {
        guard let (call, _) = lanes[index].open else { return }
        let answer = answer(to: call, at: endpoints[index])
        // What becomes of an answered call's jobs is known, so none are passed.
        let settlement = Planner.resolve(
            .succeeded(answer), of: call, jobs: [], endpoint: endpoints[index], ledger: ledger,
            at: instant)
        let entry = ledger.entries.firstIndex { $0.id == call.id }!
        ledger.entries[entry].settle(settlement, at: instant)
        forget()
        lanes[index].open = nil
        lanes[index].hold = .calling
        lanes[index].finishedAt = instant
        for priority in lanes[index].lines.indices {
            for group in lanes[index].lines[priority].passedMarks() {
                groups[index][group].pass(at: instant)
            }
            day.note(lanes[index].lines[priority].left, index, priority, at: instant)
        }
        if call.id <= lastRealCall {
            for group in groups[index].indices where groups[index][group].isRunning {
                groups[index][group].isRunning = false
                groups[index][group].pass(at: instant)
            }
        }
    }

    /// The provider's: of several pools, it tells the balance of the one that is shared.
    private mutating func answer(to call: LedgerEntry, at endpoint: Endpoint) -> Answer {
        var told: VirtualPool?
        for index in pools.indices where endpoint.pools.contains(pools[index].pool) {
            pools[index].charge(call.reserved, at: instant)
            if told == nil || pools[index].pool.isShared { told = pools[index] }
        }
        return Answer(
            items: [:], dailyLeft: told?.tokens, resetsIn: told.map { $0.resetsAt - instant },
            allowance: told?.pool.allowanceTokens)
    }

    /// Keeps what a decision looks at: as Storage reads it, but that of the calls before the last ones
    /// here only those within the windows and since the balance in force are needed, all having been
    /// answered.
    private mutating func forget() {
        let since = pools.reduce(instant - windowLongest) {
            min($0, $1.pool.horizon(ledger, at: instant))
        }
        var isLast: Set<String> = []
        for index in ledger.entries.indices.reversed() {
            let entry = ledger.entries[index]
            guard let settledAt = entry.settledAt else { continue }
            let hasLater = isLast.contains(entry.endpoint)
            if hasLater && settledAt < since { ledger.entries.remove(at: index) }
            if entry.id > lastRealCall { isLast.insert(entry.endpoint) }
        }
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

extension LedgerEntry {
    /// As Storage writes it.
    fileprivate mutating func settle(_ settlement: Settlement, at now: Timestamp) {
        settledAt = now
        outcome = settlement.outcome
        charged = settlement.chargedTokens
        dailyLeft = settlement.dailyLeft
        dailyResetAt = settlement.dailyResetAt
        dailyPool = settlement.dailyPool
        retryAt = settlement.retryAt
        fullAt = settlement.fullAt
        serverAt = settlement.serverAt
    }
}
