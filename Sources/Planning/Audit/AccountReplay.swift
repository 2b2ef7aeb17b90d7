/// What an audit keeps of the calls of one account, whose endpoints share pools and a client policy.
struct AccountReplay {
    let limits: AccountLimits
    private var endpoints: [EndpointReplay]
    private var pools: [PoolReplay]
    private var client: ClientReplay
    /// Calls whose balance is not checked yet, because some entries around their ends are not read.
    private var unjudged: [LedgerRecord] = []
    /// How long after its instant a settlement may have been written: a lease, after which a call
    /// counts as lost.
    private let slack: Duration
    /// When the last balance fell faster than our own calls explain.
    private(set) var otherClientAt: Timestamp?

    /// A settlement's surroundings are complete once its lane's next call is read, or this many others.
    private static let surroundings: Int64 = 64

    init(_ limits: AccountLimits) {
        self.limits = limits
        let every = limits.everyEndpoint
        endpoints = limits.lastEndpoints.map { EndpointReplay($0.name, limits) }
        pools = every.everyPool.map(\.endpoint).reduce(into: [String?]()) { names, name in
            if !names.contains(name) { names.append(name) }
        }.map(PoolReplay.init)
        client = ClientReplay(limits)
        slack = every.map(\.lease).max() ?? .zero
    }

    /// Earlier entries are not all known.
    mutating func forget(at start: Timestamp) {
        for index in endpoints.indices { endpoints[index].forget() }
        forgetPools(at: start)
    }

    mutating func forgetPools(at start: Timestamp) {
        unjudged = []
        client.forget()
        for pool in pools.indices { pools[pool].forget(completeFrom: start + slack) }
    }

    typealias Breach = (call: LedgerEntry, code: AuditCode, text: String)

    /// The errors of a call, and of those that ended before it began.
    mutating func take(_ record: LedgerRecord, at endpoint: Endpoint) -> [Breach] {
        let call = record.entry
        let index = endpoints.firstIndex { $0.name == endpoint.name }!
        var breaches = endpoints[index].fold(before: (call, endpoint))
            .map { Breach($0.call, $0.breach.code, $0.breach.text) }
        var own = endpoints[index].start(call, at: endpoint, products: record.products)
        own += client.start(call, at: endpoint)
        if let left = left(for: call, at: endpoint), call.reserved > left {
            own.append(
                (.overPool, "reserved \(call.reserved) tokens with \(left) left for the day"))
        }
        if let settledAt = call.settledAt, settledAt < call.startedAt {
            let shift = (call.startedAt - settledAt).milliseconds
            own.append((.clockSetBack, "was settled \(shift) ms before it started"))
        }
        own += endpoints[index].finish(record, at: endpoint)
        client.finish(call)
        breaches += own.map { Breach(call, $0.code, $0.text) }
        return breaches
    }

    /// Tokens that the pools had left for a call.
    private func left(for call: LedgerEntry, at endpoint: Endpoint) -> Int? {
        pools.filter { $0.draws(call) }.compactMap { replay in
            endpoint.pools.first { $0.endpoint == replay.endpoint }
                .flatMap { left(replay, for: call, allowance: $0.allowanceTokens) }
        }.min()
    }

    /// By the more generous of two readings: each other lane's last call ended at its instant, or not before
    /// a lease later.
    private func left(_ pool: PoolReplay, for call: LedgerEntry, allowance: Int) -> Int? {
        let byInstant = pool.left(at: call.startedAt, allowance: allowance) {
            $0.settledAt.map { $0 > call.startedAt } ?? true
        }
        guard let byInstant, byInstant < call.reserved else { return byInstant }
        // Another lane's call has certainly ended once the next one there has begun.
        var lastIDs: [Int64] = []
        for (index, other) in pool.calls.enumerated() where other.lane != call.lane {
            let isLast = !pool.calls[(index + 1)...].contains { $0.lane == other.lane }
            if isLast { lastIDs.append(other.id) }
        }
        let byID = pool.left(at: call.startedAt, allowance: allowance) {
            guard let settledAt = $0.settledAt else { return true }
            return settledAt + slack > call.startedAt && lastIDs.contains($0.id)
        }
        return byID.map { max($0, byInstant) }
    }

    /// Takes a call into the pools, once its start is checked.
    /// - Returns: The records whose balances can be checked now; nil if the drift is wrong.
    mutating func add(_ record: LedgerRecord) -> [(LedgerRecord, DriftAnalysis?)] {
        let judged = judge {
            $0.entry.lane == record.entry.lane
                || record.entry.id - $0.entry.id >= Self.surroundings
        }
        if record.entry.settledAt != nil { unjudged.append(record) }
        let horizon = unjudged.reduce(record.entry.startedAt) { min($0, $1.entry.clampedStart) }
        for pool in pools.indices {
            pools[pool].add(record.entry)
            pools[pool].drop(before: horizon)
        }
        return judged
    }

    mutating func finish() -> [(LedgerRecord, DriftAnalysis?)] { judge { _ in true } }

    /// The errors of the last calls.
    mutating func finish(at now: Timestamp) -> [Breach] {
        var breaches: [Breach] = []
        for index in endpoints.indices {
            breaches += endpoints[index].fold(before: nil)
                .map { Breach($0.call, $0.breach.code, $0.breach.text) }
            for call in endpoints[index].last.values.sorted(by: { $0.id < $1.id })
            where call.settledAt == nil && call.leaseUntil <= now {
                breaches.append(
                    (call, .leftOpen, "is open although its lease is over: a start settles it"))
            }
            if endpoints[index].hasEarlyBuckets, let call = endpoints[index].lastCall {
                breaches.append(
                    (
                        call, .wrongFullAt,
                        "is the last of \(endpoints[index].spendings) calls, of which"
                            + " \(endpoints[index].earlyBuckets) have the bucket full too early:"
                            + " no clock is set back so often"
                    ))
            }
        }
        return breaches
    }

    private mutating func judge(
        _ isDue: (LedgerRecord) -> Bool
    ) -> [(LedgerRecord, DriftAnalysis?)] {
        var judged: [(LedgerRecord, DriftAnalysis?)] = []
        for record in unjudged where isDue(record) && hasKnownFinish(record.entry) {
            let analysis = analysis(record)
            if analysis.map({ $0.otherClientTokens > 0 }) ?? false {
                otherClientAt = record.entry.settledAt
            }
            judged.append((record, analysis))
        }
        unjudged.removeAll(where: isDue)
        return judged
    }

    /// If the clock was set back, or the machine slept, the time before a call's end is not known.
    private func hasKnownFinish(_ call: LedgerEntry) -> Bool {
        call.settledAt! > call.startedAt && call.settledAt! <= call.leaseUntil
    }

    /// A balance is only compared if the call was answered; a day's refusal has no count.
    private func analysis(_ record: LedgerRecord) -> DriftAnalysis? {
        let call = record.entry
        guard call.outcome == .succeeded, call.dailyRemaining != nil else {
            return record.driftTokens == nil ? DriftAnalysis() : nil
        }
        // If the plan differs from that day's, its pools may differ.
        guard let pool = pools.first(where: { $0.endpoint == call.dailyPool }) else {
            return DriftAnalysis()
        }
        var drift = DriftAnalysis(record, in: pool, slack: slack)
        let chargesRefusals = limits.inForce(at: call.startedAt).endpoints
            .contains(where: \.clientPolicy.chargesRefusals)
        if chargesRefusals, let unexplained = drift?.unexplainedTokens {
            // The providers do not publish the cost of a refusal or an unknown product; both count as
            // charged.
            drift?.lostReplyTokens += unexplained
            drift?.unexplainedTokens = 0
        }
        return drift
    }
}
