internal import Planning

/// Queue and ledger as a value, with what Storage's transactions do to them. The clock of a small
/// world is never set back, so there is nothing to clamp.
struct ModelStore: Hashable {
    private(set) var jobs: [QueuedJob] = []
    private(set) var ledger: [LedgerEntry] = []
    /// For each lane: the ledger's last id when the daemon started.
    private var resumedAfter: [Int64] = [0, 0]

    struct QueuedJob: Hashable {
        enum State: Hashable {
            case available(notBefore: Timestamp?)
            case running(callID: Int64)
            case completed
            case discarded
        }
        var job: Job
        var lane: Int
        var state: State
        /// Whether a reply that answers it has reached the daemon.
        var isAnswered = false

        var isFinished: Bool { state == .completed || state == .discarded }
    }

    init(_ world: ModelWorld) {
        for (lane, priorities) in [world.images, world.barcodes].enumerated() {
            for (index, priority) in priorities.enumerated() {
                let job = Job(
                    id: Int64(jobs.count + 1), product: "\(lane == 0 ? "I" : "B")\(index + 1)",
                    priority: priority, enqueuedAt: world.start, batchLimit: 100)
                jobs.append(
                    QueuedJob(job: job, lane: lane, state: .available(notBefore: nil)))
            }
        }
    }

    var openCalls: [LedgerEntry] { ledger.filter { $0.settledAt == nil } }

    func jobs(of callID: Int64) -> [QueuedJob] {
        jobs.filter { $0.state == .running(callID: callID) }
    }

    // MARK: Claim

    /// `Store.claim`: a call is open afterwards if `decide` says so.
    mutating func claim(
        _ lane: Int, _ endpoints: [Endpoint], at now: Timestamp,
        decide: (Snapshot, Timestamp) -> Decision
    ) throws(ModelBreach) -> Decision {
        promoteDue(at: now)
        let decision = decide(snapshot(lane, endpoints, at: now), now)
        guard case .call(let plan) = decision else { return decision }
        let name = endpoints[lane].name
        guard !openCalls.contains(where: { $0.endpoint == name }) else {
            throw ModelBreach(.inOneCall, "\(name) has a call open already")
        }
        let id = Int64(ledger.count + 1)
        ledger.append(
            LedgerEntry(
                id: id, endpoint: name, reserved: plan.reservedTokens, startedAt: now,
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
        }
        return decision
    }

    private mutating func promoteDue(at now: Timestamp) {
        for index in jobs.indices {
            if case .available(let notBefore?) = jobs[index].state, notBefore <= now {
                jobs[index].state = .available(notBefore: nil)
            }
        }
    }

    private func snapshot(_ lane: Int, _ endpoints: [Endpoint], at now: Timestamp) -> Snapshot {
        let endpoint = endpoints[lane]
        let ledger = Ledger(ledger)
        let pool = endpoint.pool.level(ledger, at: now)
        let rival = endpoints[1 - lane]
        let most = Rival.jobsThatMatter(
            rival, to: endpoint, among: endpoints, pool, ledger, at: now)
        return Snapshot(
            endpoint: endpoint, resumedAfter: resumedAfter[lane], ready: ready(lane),
            nextDueAt: dueAt(lane).min(), ledger: ledger,
            rivals: [
                Rival(
                    endpoint: rival, resumedAfter: resumedAfter[1 - lane],
                    waiting: waiting(1 - lane, before: pool.resetsAt, upTo: most))
            ])
    }

    private func ready(_ lane: Int) -> [Job] {
        jobs.filter { $0.lane == lane && $0.state == .available(notBefore: nil) }.map(\.job)
            .sorted { ($0.priority, $0.id) < ($1.priority, $1.id) }
    }

    private func dueAt(_ lane: Int) -> [Timestamp] {
        jobs.compactMap { job in
            guard job.lane == lane, case .available(let notBefore?) = job.state else { return nil }
            return notBefore
        }
    }

    private func waiting(_ lane: Int, before reset: Timestamp, upTo most: Int) -> [Int] {
        var left = max(0, most)
        return (0...9).map { priority in
            let count = jobs.count { job in
                guard job.lane == lane, job.job.priority == priority,
                    case .available(let notBefore) = job.state
                else { return false }
                return notBefore.map { $0 < reset } ?? true
            }
            let counted = min(count, left)
            left -= counted
            return counted
        }
    }

    // MARK: Settle

    /// `Store.settle`.
    /// - Returns: nil, with nothing changed, if the call must not be settled any more.
    mutating func settle(
        _ callID: Int64, _ outcome: CallOutcome, _ endpoint: Endpoint, at now: Timestamp,
        _ rules: ModelRules
    ) throws(ModelBreach) -> Settlement? {
        let index = Int(callID) - 1
        let call = ledger[index]
        guard rules.maySettle(call) else { return nil }
        guard call.settledAt == nil else {
            throw ModelBreach(.settledOnce, "call \(callID) was \(call.outcome!.rawValue)")
        }
        let settlement = rules.resolve(
            outcome, call, jobs(of: callID).map(\.job), endpoint, Ledger(ledger), now)
        ledger[index].settledAt = now
        ledger[index].outcome = settlement.outcome
        ledger[index].charged = settlement.chargedTokens
        ledger[index].dailyLeft = settlement.dailyLeft
        ledger[index].dailyResetAt = settlement.dailyResetAt
        ledger[index].retryAt = settlement.retryAt
        ledger[index].fullAt = settlement.fullAt
        for change in settlement.changes { apply(change, outcome) }
        return settlement
    }

    private mutating func apply(_ change: JobChange, _ outcome: CallOutcome) {
        let index = Int(change.job.id) - 1
        jobs[index].job = change.job
        if case .succeeded = outcome { jobs[index].isAnswered = true }
        switch change {
        case .completed: jobs[index].state = .completed
        case .available(_, let notBefore): jobs[index].state = .available(notBefore: notBefore)
        case .discarded: jobs[index].state = .discarded
        }
    }

    /// `Store.liftHalt` for both lanes.
    mutating func liftHalts(_ endpoints: [Endpoint]) {
        resumedAfter = endpoints.map { endpoint in
            ledger.last { $0.endpoint == endpoint.name }?.id ?? 0
        }
    }
}
