/// What an audit keeps of the calls of one provider's endpoints, which share pools and a client policy.
struct ProviderBooks {
    let name: String
    private var pools: [PoolBooks]
    private var client: ClientBooks
    /// Calls whose balance is not judged yet: what happened around their ends is not all read.
    private var unjudged: [LedgerRecord] = []
    /// How long after its instant a settlement may have been written: a lease, after which a call
    /// counts as lost.
    private let slack: Duration
    private let chargesRefusals: Bool
    /// When the last balance fell faster than our own calls explain.
    private(set) var otherClientAt: Timestamp?

    /// A settlement's surroundings are read once its endpoint's next call is, or so many others.
    private static let surroundings: Int64 = 64

    /// - Parameter endpoints: All of one provider, at least one.
    init(_ endpoints: [Endpoint]) {
        name = endpoints[0].provider
        pools = endpoints.everyPool.map(PoolBooks.init)
        client = ClientBooks(endpoints)
        slack = endpoints.map(\.lease).max() ?? .zero
        chargesRefusals = endpoints.contains(where: \.clientPolicy.chargesRefusals)
    }

    mutating func forget(at start: Timestamp) {
        unjudged = []
        client.forget()
        for pool in pools.indices { pools[pool].forget(completeFrom: start + slack) }
    }

    /// Tokens that the pools had left for a call.
    func left(for call: LedgerEntry) -> Int? {
        pools.filter { $0.draws(call) }.compactMap { left($0, for: call) }.min()
    }

    /// What is wrong with a call's start beside the calls at other endpoints.
    mutating func start(_ call: LedgerEntry) -> [LaneBooks.Breach] { client.start(call) }

    /// In the more generous of two readings: each other endpoint's last call was over when its instant
    /// says so, or not before a lease later.
    private func left(_ pool: PoolBooks, for call: LedgerEntry) -> Int? {
        let byInstant = pool.left(at: call.startedAt) {
            $0.settledAt.map { $0 > call.startedAt } ?? true
        }
        guard let byInstant, byInstant < call.reserved else { return byInstant }
        // That another endpoint's call was over is certain once the next one there has begun.
        var lastIDs: [Int64] = []
        for (index, other) in pool.calls.enumerated() where other.endpoint != call.endpoint {
            let isLast = !pool.calls[(index + 1)...].contains { $0.endpoint == other.endpoint }
            if isLast { lastIDs.append(other.id) }
        }
        let byID = pool.left(at: call.startedAt) {
            guard let settledAt = $0.settledAt else { return true }
            return settledAt + slack > call.startedAt && lastIDs.contains($0.id)
        }
        return byID.map { max($0, byInstant) }
    }

    /// Takes a call, once its start is judged.
    /// - Returns: Those whose balances can be judged now; nil where the drift is wrong.
    mutating func add(_ record: LedgerRecord) -> [(LedgerRecord, DriftJudgement?)] {
        let judged = judge {
            $0.entry.endpoint == record.entry.endpoint
                || record.entry.id - $0.entry.id >= Self.surroundings
        }
        client.finish(record.entry)
        if record.entry.settledAt != nil { unjudged.append(record) }
        let horizon = unjudged.reduce(record.entry.startedAt) { min($0, $1.entry.leftAt) }
        for pool in pools.indices {
            pools[pool].add(record.entry)
            pools[pool].drop(before: horizon)
        }
        return judged
    }

    mutating func finish() -> [(LedgerRecord, DriftJudgement?)] {
        judge { _ in true }
    }

    private mutating func judge(
        _ isDue: (LedgerRecord) -> Bool
    ) -> [(LedgerRecord, DriftJudgement?)] {
        var judged: [(LedgerRecord, DriftJudgement?)] = []
        for record in unjudged where isDue(record) && hasKnownFinish(record.entry) {
            let judgement = judgement(record)
            if judgement.map({ $0.otherClientTokens > 0 }) ?? false {
                otherClientAt = record.entry.settledAt
            }
            judged.append((record, judgement))
        }
        unjudged.removeAll(where: isDue)
        return judged
    }

    /// Where the clock was set back, or a machine slept, what came before a call's end is not known.
    private func hasKnownFinish(_ call: LedgerEntry) -> Bool {
        call.settledAt! > call.startedAt && call.settledAt! <= call.leaseUntil
    }

    /// A balance is only compared where the call was answered; a day's refusal is no count.
    private func judgement(_ record: LedgerRecord) -> DriftJudgement? {
        guard record.entry.outcome == .succeeded, record.entry.dailyLeft != nil else {
            return record.driftTokens == nil ? DriftJudgement() : nil
        }
        // A plan that is not the one of that day may have other pools.
        guard let pool = pools.first(where: { $0.pool.endpoint == record.entry.dailyPool }) else {
            return DriftJudgement()
        }
        var drift = DriftJudgement(record, in: pool, slack: slack)
        if chargesRefusals, let unexplained = drift?.unexplainedTokens {
            // What a refusal or an unknown product costs is published nowhere, and taken as charged.
            drift?.lostReplyTokens += unexplained
            drift?.unexplainedTokens = 0
        }
        return drift
    }
}
