import Planning
import TestSupport

/// Both lanes against the provider's model, in virtual time of microseconds: decide, call, let the server
/// decide at a random instant before the finish, resolve, write the ledger.
struct VirtualRun {
    /// A call that was made, and how it ended.
    struct Call {
        var endpoint: String
        var products: Int
        var start: Int64
        var finish: Int64
        var outcome: CallOutcome?
        var driftTokens: Int?
    }

    private enum Lane {
        /// The instant of its next check; nil: when something else has happened.
        case waiting(until: Int64?)
        case sent(LedgerEntry, [Job], countedAt: Int64, finish: Int64)
        case judged(LedgerEntry, [Job], CallOutcome, finish: Int64)

        var next: Int64? {
            switch self {
            case .waiting(let until): until
            case .sent(_, _, let countedAt, _): countedAt
            case .judged(_, _, _, let finish): finish
            }
        }
    }

    let provider: ProviderModel
    /// Microseconds from a call's send to its finish, at least and at most.
    var latency: ClosedRange<Int>
    /// Whether the server decides each call at its very end.
    var judgesAtFinish = false
    var queues = ["images": QueueModel(), "barcodes": QueueModel()]
    private(set) var calls: [Call] = []
    private(set) var ledger = Ledger()
    /// The whole ledger, as an audit reads it: nothing is forgotten here.
    private(set) var records: [LedgerRecord] = []
    /// The server's, in microseconds.
    private(set) var clock: Int64
    /// By how much our clock was set back.
    private var behind = Duration.zero
    private var random: SplitMix64
    private var lanes: [Lane] = [.waiting(until: nil), .waiting(until: nil)]
    private let endpoints: [Endpoint]

    var now: Timestamp { Timestamp(milliseconds: clock / 1_000) - behind }

    init(
        seed: UInt64 = 1, latency: ClosedRange<Int>, allowance: Int = 150_000,
        from start: Timestamp = .noon
    ) {
        random = SplitMix64(seed: seed)
        self.latency = latency
        clock = start.milliseconds * 1_000
        endpoints = [Endpoint.images, .barcodes].map {
            var endpoint = $0
            endpoint.pools = [DailyPool(allowanceTokens: allowance)]
            return endpoint
        }
        provider = ProviderModel(allowance: allowance, from: clock)
    }

    /// Continues for a stretch of virtual time, or until both lanes wait for nothing any more.
    mutating func run(for duration: Duration) {
        let end = clock + duration.milliseconds * 1_000
        for lane in lanes.indices { look(lane) }
        while let next = lanes.compactMap(\.next).min(), next <= end {
            clock = max(clock, next)
            step(lanes.firstIndex { $0.next == next }!)
        }
        clock = end
    }

    /// Entries that are ahead of our clock then are moved back, as a claim does it.
    mutating func setClockBack(by span: Duration) {
        behind += span
        ledger = Ledger(ledger.entries.map { $0.clamped(to: now) })
        for index in records.indices {
            records[index].entry = records[index].entry.clamped(to: now)
        }
    }

    private mutating func step(_ lane: Int) {
        switch lanes[lane] {
        case .waiting: look(lane)
        case .sent(let entry, let jobs, _, let finish):
            let outcome = provider.judge(
                entry.endpoint, jobs.map(\.product), at: clock, &random)
            lanes[lane] = .judged(entry, jobs, outcome, finish: finish)
        case .judged(let entry, let jobs, let outcome, _):
            settle(entry, jobs, outcome, endpoints[lane])
            for lane in lanes.indices { look(lane) }
        }
    }

    /// A waiting lane decides.
    private mutating func look(_ lane: Int) {
        let endpoint = endpoints[lane]
        if ledger.open(at: endpoint.name) != nil { return }
        let queue = queues[endpoint.name]!
        let peers = endpoints.filter { $0 != endpoint }.map {
            PoolPeer(endpoint: $0, waiting: queues[$0.name]!.counts())
        }
        let snapshot = Snapshot(
            endpoint: endpoint, ready: queue.ready(at: now), nextDueAt: queue.nextDue(after: now),
            ledger: ledger, peers: peers)
        switch Planner.decide(snapshot, at: now) {
        case .call(let plan): send(plan, lane)
        case .hold(_, let until):
            lanes[lane] = .waiting(until: until.map { ($0 + behind).milliseconds * 1_000 })
        case .expire: preconditionFailure("no call outlives its lease here")
        }
    }

    private mutating func send(_ plan: CallPlan, _ lane: Int) {
        let endpoint = endpoints[lane]
        let entry = LedgerEntry.open(
            Int64(calls.count + 1), endpoint, plan.reservedTokens, from: now)
        ledger.entries.append(entry)
        records.append(LedgerRecord(entry: entry, products: plan.jobs.count))
        queues[endpoint.name]!.take(plan.jobs)
        let finish = clock + Int64(random.within(latency))
        let countedAt =
            judgesAtFinish ? finish : clock + Int64(random.below(Int(finish - clock) + 1))
        calls.append(
            Call(endpoint: endpoint.name, products: plan.jobs.count, start: clock, finish: finish))
        let jobs = plan.jobs.map { job in
            var taken = job
            taken.lastCallID = entry.id
            return taken
        }
        lanes[lane] = .sent(entry, jobs, countedAt: countedAt, finish: finish)
    }

    private mutating func settle(
        _ entry: LedgerEntry, _ jobs: [Job], _ outcome: CallOutcome, _ endpoint: Endpoint
    ) {
        let settlement = Planner.resolve(
            outcome, of: entry, jobs: jobs, endpoint: endpoint, ledger: ledger, at: now)
        calls[Int(entry.id) - 1].outcome = outcome
        calls[Int(entry.id) - 1].driftTokens = settlement.driftTokens
        queues[endpoint.name]!.apply(settlement, of: entry.id)
        let index = ledger.entries.firstIndex { $0.id == entry.id }!
        ledger.entries[index] = entry.settled(as: settlement, at: now)
        records[Int(entry.id) - 1].entry = ledger.entries[index]
        records[Int(entry.id) - 1].driftTokens = settlement.driftTokens
        forget()
    }

    /// Keeps the entries that a decision needs: open calls, two minutes, those of the pool, and the last 40.
    private mutating func forget() {
        let from = min(now - .seconds(120), DailyPool.asinscope.horizon(ledger, at: now))
        let lately = Int64(calls.count - 40)
        ledger.entries.removeAll { $0.id < lately && $0.settledAt.map { $0 < from } ?? false }
    }
}
