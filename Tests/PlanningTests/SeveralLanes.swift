import Planning
import TestSupport

/// Lanes of several accounts with several slots, job by job, over one list: every call is answered, with
/// the balance of its account when the server counted it.
struct SeveralLanes {
    struct Waiting {
        var job: Job
        var account: String?
    }

    private struct Open {
        var entry: LedgerEntry
        var jobs: [Job]
        var countedAt: Timestamp
        var finish: Timestamp
        /// The balance, once the server has counted the call.
        var left: Int?
    }

    let endpoints: [Endpoint]
    /// Milliseconds that a call takes.
    let latency: ClosedRange<Int>
    private(set) var waiting: [Waiting] = []
    private var lastID: Int64 = 0
    /// The input of a decision and a settlement: mutations change it.
    var seen: (Ledger, LaneID, [String: Ledger]) -> Ledger = { ledger, _, _ in ledger }
    var resolved: (Ledger, LedgerEntry, [String: Ledger]) -> Ledger = { ledger, _, _ in ledger }
    /// The whole ledger, as an audit reads it.
    private(set) var records: [LedgerRecord] = []
    private(set) var now: Timestamp
    private var ledgers: [String: Ledger] = [:]
    private var looks: [LaneID: Timestamp] = [:]
    private var open: [LaneID: Open] = [:]
    private let lanes: [(id: LaneID, endpoint: Endpoint)]
    private var left: [String: Int] = [:]
    private var resetsAt: Timestamp
    private var random: SplitMix64

    /// - Parameter endpoints: Each endpoint of each account, all with the same pool.
    init(
        _ endpoints: [Endpoint], latency: ClosedRange<Int>, seed: UInt64 = 1,
        from start: Timestamp = .noon
    ) {
        self.endpoints = endpoints
        lanes = endpoints.flatMap { endpoint in endpoint.lanes.map { ($0, endpoint) } }
        self.latency = latency
        now = start
        resetsAt = start.nextMidnight
        random = SplitMix64(seed: seed)
        fillPools()
    }

    mutating func add(_ count: Int, priority: Int = 5, account: String? = nil) {
        for _ in 0..<count {
            lastID += 1
            waiting.append(
                Waiting(
                    job: Job(id: lastID, product: "P\(lastID)", priority: priority),
                    account: account))
        }
        waiting.sort { ($0.job.priority, $0.job.id) < ($1.job.priority, $1.job.id) }
    }

    /// Runs until no job waits and no call is in progress, or until `end`.
    mutating func run(until end: Timestamp = Timestamp(milliseconds: .max)) {
        lookAll()
        while let next = next, next <= end {
            now = next
            if now >= resetsAt { fillPools() }
            if let lane = lanes.indices.first(where: { place in
                open[lanes[place].id].map { $0.left == nil && $0.countedAt == now } ?? false
            }) {
                count(lane)
            } else if let lane = lanes.indices.first(where: { open[lanes[$0].id]?.finish == now }) {
                settle(lane)
                lookAll()
            } else {
                for lane in lanes.indices where looks[lanes[lane].id] == now { look(lane) }
            }
        }
    }

    private var next: Timestamp? {
        let calls = open.values.map { $0.left == nil ? $0.countedAt : $0.finish }
        return (calls + looks.values + (open.isEmpty && looks.isEmpty ? [] : [resetsAt])).min()
    }

    private mutating func fillPools() {
        for endpoint in endpoints {
            left[endpoint.account] = endpoint.pools.first?.allowanceTokens ?? 0
        }
        if now >= resetsAt { resetsAt = now.nextMidnight }
    }

    /// If one slot waits, the others of its endpoint would wait as well.
    private mutating func lookAll() {
        var waiting: LaneID?
        for lane in lanes.indices {
            let id = lanes[lane].id
            if waiting?.account == id.account && waiting?.endpoint == id.endpoint { continue }
            look(lane)
            if open[id] == nil { waiting = id }
        }
    }

    private mutating func look(_ lane: Int) {
        let (id, endpoint) = lanes[lane]
        looks[id] = nil
        if open[id] != nil { return }
        let ready = waiting.lazy.filter { endpoint.jobAccounts.contains($0.account) }
            .prefix(endpoint.batchLimit * 2).map(\.job)
        let ledger = ledgers[id.account] ?? Ledger()
        let snapshot = Snapshot(
            endpoint: endpoint, slot: id.slot, ready: Array(ready),
            ledger: seen(ledger, id, ledgers))
        switch Planner.decide(snapshot, at: now) {
        case .call(let plan): send(plan, id, endpoint)
        case .hold(_, let until): looks[id] = until.map { max($0, now.after(1)) }
        case .expire: preconditionFailure("no call outlives its lease here")
        }
    }

    private mutating func send(_ plan: CallPlan, _ id: LaneID, _ endpoint: Endpoint) {
        let taken = Set(plan.jobs.map(\.id))
        let behind = waiting.firstIndex { $0.job.id == plan.jobs.last!.id }! + 1
        let passedBy = waiting[..<behind].filter { !taken.contains($0.job.id) }
        waiting.replaceSubrange(..<behind, with: passedBy)
        var entry = LedgerEntry.open(
            Int64(records.count + 1), endpoint, plan.reservedTokens, from: now)
        entry.slot = id.slot
        let milliseconds = random.within(latency)
        open[id] = Open(
            entry: entry, jobs: plan.jobs, countedAt: now.after(random.within(0...milliseconds)),
            finish: now.after(milliseconds))
        ledgers[id.account] = Ledger((ledgers[id.account]?.entries ?? []) + [entry])
        records.append(LedgerRecord(entry: entry, products: plan.jobs.count))
    }

    private mutating func count(_ lane: Int) {
        let (id, _) = lanes[lane]
        left[id.account]! -= open[id]!.entry.reserved
        open[id]!.left = left[id.account]!
    }

    private mutating func settle(_ lane: Int) {
        let (id, endpoint) = lanes[lane]
        let call = open.removeValue(forKey: id)!
        let answer = Answer(
            items: [:], dailyRemaining: call.left!, resetsIn: resetsAt - now)
        let ledger = ledgers[id.account]!
        let settlement = Planner.resolve(
            .succeeded(answer), of: call.entry, jobs: call.jobs, endpoint: endpoint,
            ledger: resolved(ledger, call.entry, ledgers), at: now)
        let settled = call.entry.settled(as: settlement, at: now)
        let index = Int(call.entry.id) - 1
        records[index].entry = settled
        records[index].driftTokens = settlement.driftTokens
        let kept = ledger.entries.filter { entry in
            entry.id != settled.id
                && (entry.settledAt.map { $0 > now.after(-62_000) } ?? true
                    || entry.id > settled.id - 40)
        }
        ledgers[id.account] = Ledger(kept + [settled])
    }
}
