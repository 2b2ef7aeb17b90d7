internal import Planning
internal import Providers

/// The properties that must hold at every moment, whatever the faults.
struct SafetyChecks {
    /// One day of one account.
    private struct Day: Hashable {
        var account: String
        var number: Int64
    }

    /// More findings of one kind add no information.
    private static let findingsMax = 20
    /// How many calls of a lane may be refused once there are no faults: one for the pool, one for the lane's
    /// own limit, and one more because both may change at the next reset.
    private static let lateRefusalsMax = 3

    private(set) var findings: [RunFinding] = []
    private var openCall: [Int64: Int64] = [:]
    private var answeredBy: [Int64: Int64] = [:]
    private var settledCalls: Set<Int64> = []
    /// When the lease of each call ends, and the calls that were settled as lost.
    private(set) var leases: [Int64: Timestamp] = [:]
    private(set) var lost: Set<Int64> = []
    /// Failed calls of a job that may have been its own fault.
    private var failures: [Int64: Int] = [:]
    /// Endpoints whose last admitted call was answered.
    private var answering: Set<Int> = []
    /// The requests that reached the server in the last minute, by endpoint, and on each day.
    private var doors: [ServerArrivals]
    private var tokensAsked: [Day: Int] = [:]
    /// Until when the daemon knows that it must wait, by endpoint.
    private var waits: [Int64]
    private var lateRefusals: [Int]
    /// The offsets of answered pages, by job.
    private var pages: [Int64: Set<Int>] = [:]
    /// Good products that were discarded as rejected, by the call that decided it.
    var rejectedGood: [Int64: String] = [:]
    /// Products that a settlement discarded, by endpoint: `judgeDiscard` or `checkRejected` judges each of them.
    private(set) var judgedDiscards: [String: Set<String>] = [:]
    /// Products rejected alone since the endpoint's last answer, or since it was resumed.
    var rejectedAlone: [Int: Int] = [:]
    /// The endpoint's last call, and the last one before it was resumed: calls up to that one halt nothing.
    var lastCall: [Int: Int64] = [:]
    var resumedAfter: [Int: Int64] = [:]
    /// The greatest revision of a result that a reader has seen.
    var lastRevision: Int64 = 0
    var jobsLost = 0
    private(set) var refusedCalls = 0

    /// - Parameter endpoints: How many there are, of all accounts.
    init(endpoints: Int) {
        doors = Array(repeating: ServerArrivals(), count: endpoints)
        waits = Array(repeating: 0, count: endpoints)
        lateRefusals = Array(repeating: 0, count: endpoints)
    }

    /// A call was entered into the ledger, and its jobs are running.
    mutating func claimed(_ call: OpenCall, _ run: SimulatedRun) {
        let endpoint = run.endpointIndex(of: call.entry)
        lastCall[endpoint] = call.entry.id
        leases[call.entry.id] = call.entry.leaseUntil
        if rejectedAlone[endpoint, default: 0] >= Planner.rejectionsMax {
            found(.halts, "call \(call.entry.id) was made by a lane that should be halted", run)
        }
        for job in call.jobs {
            if let other = openCall[job.id] {
                found(.twoCalls, "job \(job.id) is in calls \(other) and \(call.entry.id)", run)
            }
            if let before = answeredBy[job.id] {
                found(
                    .doneTwice,
                    "job \(job.id) was answered by \(before), asked by \(call.entry.id)",
                    run)
            }
            if pages[job.id]?.contains(job.pageOffset) ?? false {
                found(
                    .doneTwice, "the page at \(job.pageOffset) of job \(job.id) is asked again", run
                )
            }
            openCall[job.id] = call.entry.id
        }
    }

    /// - Parameter call: nil if the daemon did not live to its end.
    mutating func settled(
        _ callID: Int64, _ settlement: Settlement, _ jobs: [Job], at endpoint: Int,
        _ call: SimulatedCall?, _ run: SimulatedRun
    ) {
        if !settledCalls.insert(callID).inserted {
            found(.settledOnce, "call \(callID) was settled twice", run)
        }
        if settlement.outcome == .expired {
            lost.insert(callID)
            checkLease(callID, run)
        }
        for job in jobs { openCall[job.id] = nil }
        countFailures(settlement.outcome, jobs, at: endpoint)
        countRejections(settlement, of: callID, jobs, at: endpoint)
        for change in settlement.changes {
            switch change {
            case .completed(let job, _): answeredBy[job.id] = callID
            case .discarded(let job, let error):
                judgedDiscards[run.endpoints[endpoint].name, default: []].insert(job.product)
                if settlement.outcome == .rejected, run.scenario.faults.contains(.rejects) {
                    if !run.scenario.spoiling.contains(job.product) {
                        rejectedGood[callID] = job.product
                    }
                } else {
                    judgeDiscard(of: job, error, callID, run)
                }
            case .available, .continued: break
            }
        }
        if settlement.outcome == .succeeded {
            for job in jobs where job.pagesMax > 1 {
                pages[job.id, default: []].insert(job.pageOffset)
            }
        }
        guard let call, call.isReplyRead, let status = call.serverStatus else { return }
        if status == 429 { learnWait(call) }
        // A provider that counts this way does not publish whether it charges a refused call.
        let isRefusalKnown = !run.endpoints[call.lane.endpoint].clientPolicy.chargesRefusals
        let isUnderstood =
            status == 200 && settlement.outcome == .succeeded
            || isRefusalKnown && (400..<500).contains(status)
        if isUnderstood && settlement.chargedTokens != call.serverTokens {
            let ours = settlement.chargedTokens
            found(
                .charges,
                "call \(callID): \(ours) tokens in our book, \(call.serverTokens) in the server's",
                run)
        }
    }

    /// If the previous call was answered, a failure may be the product's own, even if it is in fact the first
    /// of an outage, or a refusal whose reply was lost. Of the other failures no more than one counts.
    private mutating func countFailures(
        _ outcome: LedgerEntry.Outcome, _ jobs: [Job], at endpoint: Int
    ) {
        for job in jobs where outcome == .failed || outcome == .expired {
            let before = failures[job.id, default: 0]
            let isOwn = outcome == .failed && answering.contains(endpoint)
            failures[job.id] = isOwn ? before + 1 : max(1, before)
        }
        switch outcome {
        case .succeeded, .rejected: answering.insert(endpoint)
        case .failed, .unsent, .unauthorized, .misdirected: answering.remove(endpoint)
        case .rateLimited, .expired: break
        }
    }

    private mutating func judgeDiscard(
        of job: Job, _ error: String, _ callID: Int64, _ run: SimulatedRun
    ) {
        if run.scenario.spoiling.contains(job.product) { return }
        guard failures[job.id, default: 0] < Planner.attempts else { return }
        found(.discards, "\(job.product) was discarded by call \(callID): \(error)", run)
    }

    /// A request reaches the server, whether or not it can be paid for.
    mutating func counted(_ call: SimulatedCall, _ run: SimulatedRun) {
        if call.serverStatus == 429 { countRefusal(call, run) }
        guard run.scenario.mustNotRefuse && run.book.lateArrivals == 0 else { return }
        if call.serverStatus == 429 {
            found(.refusals, "call \(call.callID) of \(call.reserved) tokens was refused", run)
        }
        let account = run.account(of: call.lane.endpoint)
        guard let door = account.door else { return }
        doors[call.lane.endpoint].count(call.products.count, atMicroseconds: run.time)
        let tokens = run.endpoints[call.lane.endpoint].tariff.cost(of: call.products.count)
        let day = Day(account: account.account.name, number: run.time / 86_400_000_000)
        tokensAsked[day, default: 0] += tokens
        check(call, at: door, of: account, day, run)
    }

    private mutating func countRefusal(_ call: SimulatedCall, _ run: SimulatedRun) {
        refusedCalls += 1
        // When faults end, a wrong clock is corrected, and a window is right again after its period.
        let isWrong = run.scenario.faults.contains(.clock)
        let calmAt = run.scenario.calmAtMicroseconds + (isWrong ? 60_000_000 : 0)
        guard call.startedAtMicroseconds > calmAt else { return }
        // A burst that is narrower than we know stays so: a refusal does not show by how much.
        let isNarrow =
            run.scenario.faults.contains(.rival)
            && run.account(of: call.lane.endpoint).isNarrowed
        if isNarrow { return }
        lateRefusals[call.lane.endpoint] += 1
        if lateRefusals[call.lane.endpoint] > Self.lateRefusalsMax {
            found(.refusalsEnd, "call \(call.callID) was refused, though all is calm", run)
        }
    }

    private mutating func check(
        _ call: SimulatedCall, at door: SimulatedAccount.Door, of account: SimulatedAccount,
        _ day: Day, _ run: SimulatedRun
    ) {
        let name = run.endpoints[call.lane.endpoint].name
        let index = account.account.endpoints.firstIndex { $0.name == name } ?? 0
        let products = doors[call.lane.endpoint].total
        if products > door.productsPerMinute[index] {
            found(.limits, "call \(call.callID): \(products) products in a minute", run)
        }
        let tokens = tokensAsked[day] ?? 0
        if tokens > door.tokensPerDay {
            found(.limits, "call \(call.callID): \(tokens) tokens on one day", run)
        }
    }

    /// The daemon has read a refusal.
    private mutating func learnWait(_ call: SimulatedCall) {
        waits = zip(waits, call.waits).map { max($0, $1) }
    }

    /// A request leaves.
    mutating func sent(_ call: OpenCall, _ run: SimulatedRun) {
        let excuses: Set<FaultKind> = [.clock, .daemons]
        guard run.scenario.faults.isDisjoint(with: excuses) else { return }
        let endpoint = run.endpointIndex(of: call.entry)
        if run.time < waits[endpoint] {
            let seconds = (waits[endpoint] - run.time) / 1_000_000
            found(.early, "call \(call.entry.id) left \(seconds) s before the wait was over", run)
        }
        guard run.endpoints[endpoint].clientPolicy.isOneConnection else { return }
        let isBeside = run.daemons.contains { daemon in
            daemon.isAlive
                && zip(run.endpoints, daemon.lanes).contains { other, lanes in
                    other.clientPolicy.isOneConnection && other.account == call.entry.account
                        && lanes.contains { lane in
                            // A frozen host has not noticed yet that its lease is over.
                            lane.call.map { run.calls[$0].leaseUntil > run.now } ?? false
                        }
                }
        }
        if isBeside {
            found(.manners, "call \(call.entry.id) left while another was in progress", run)
        }
    }

    mutating func found(_ check: Check, _ text: String, _ run: SimulatedRun) {
        guard findings.count < Self.findingsMax else { return }
        findings.append(RunFinding(check, text, run))
    }
}

/// The requests that reached a server in the last 60 seconds, whether it admitted them or not.
struct ServerArrivals {
    private var entries: [(atMicroseconds: Int64, products: Int)] = []

    var total: Int { entries.reduce(0) { $0 + $1.products } }

    mutating func count(_ products: Int, atMicroseconds time: Int64) {
        entries.removeAll { $0.atMicroseconds + 60_000_000 <= time }
        entries.append((time, products))
    }
}
