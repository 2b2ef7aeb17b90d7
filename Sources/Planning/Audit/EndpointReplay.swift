/// What an audit keeps of one endpoint of an account: its last calls, and the state of its own limits.
struct EndpointReplay {
    let name: String
    private let limits: AccountLimits
    /// The last call of each slot.
    private(set) var last: [Int: LedgerEntry] = [:]
    private var window: WindowReplay
    private var bucket: BucketReplay?
    /// Settled calls whose tokens are not subtracted from the bucket yet, because the calls checked so far
    /// began before their end.
    private var unfolded: [LedgerRecord] = []
    /// Refusals of the endpoint that held back later calls.
    private var blocks: [LedgerEntry] = []
    /// Calls that spent something, and those of them whose bucket was full earlier than it could be.
    private(set) var spendings = 0
    private(set) var earlyBuckets = 0

    init(_ name: String, _ limits: AccountLimits) {
        self.name = name
        self.limits = limits
        window = WindowReplay(
            limits.everyEndpoint.filter { $0.name == name }.flatMap(\.ownWindows))
    }

    /// Begins anew, with limits that are full.
    mutating func forget() {
        let (spendings, earlyBuckets) = (spendings, earlyBuckets)
        self = EndpointReplay(name, limits)
        (self.spendings, self.earlyBuckets) = (spendings, earlyBuckets)
    }

    /// More than occasional clock changes can cause.
    var hasEarlyBuckets: Bool { earlyBuckets >= 10 && earlyBuckets * 2 > spendings }

    /// The known call with the highest id.
    var lastCall: LedgerEntry? { last.values.max { $0.id < $1.id } }

    typealias Breach = (code: AuditCode, text: String)

    /// The errors of a call's start. It follows those with lower ids: their ids give the order of an
    /// endpoint's starts.
    mutating func start(_ call: LedgerEntry, at endpoint: Endpoint, products: Int) -> [Breach] {
        var breaches: [Breach] = []
        let cost = endpoint.tariff.cost(of: products)
        if call.reserved != cost {
            breaches.append(
                (
                    .wrongReservation,
                    "reserved \(call.reserved) tokens for \(products) products, which cost \(cost)"
                ))
        }
        if products > endpoint.batchLimit {
            breaches.append(
                (.overBatch, "asked for \(products) products, of \(endpoint.batchLimit) allowed"))
        }
        if let text = overlap(call, at: endpoint) { breaches.append((.overlappingCalls, text)) }
        if let block = block(of: call) {
            let early = (block.retryAt! - call.startedAt).milliseconds
            breaches.append(
                (.beforeRetry, "started \(early) ms before call \(block.id) allowed to come back"))
        }
        for own in endpoint.ownWindows {
            let breach = window.breach(
                call, own, callsInFlight: endpoint.clientPolicy.callsInFlight)
            if let breach { breaches.append(breach) }
        }
        if let bucket {
            // Open calls of other slots had their tokens reserved then.
            let open =
                unfolded.map(\.entry)
                + last.values.filter { $0.settledAt == nil && $0.slot != call.slot }
            let left = bucket.left(at: call.startedAt) - open.reduce(0) { $0 + $1.reserved }
            if call.reserved > left {
                breaches.append(
                    (
                        .overBucket,
                        "reserved \(call.reserved) tokens with \(left) of "
                            + "\(bucket.bucket.capacityTokens) in the bucket"
                    ))
            }
        }
        return breaches
    }

    /// Two calls of one slot never overlap, and no more calls than the account may have in flight. Calls that
    /// began under other limits do not count.
    private func overlap(_ call: LedgerEntry, at endpoint: Endpoint) -> String? {
        func isOpen(_ other: LedgerEntry) -> Bool {
            other.settledAt.map { $0 > call.startedAt } ?? true
        }
        if let last = last[call.slot], isOpen(last) {
            return "started before call \(last.id) was over"
        }
        let since = limits.inForce(at: call.startedAt).since
        let open = last.values.count { isOpen($0) && $0.startedAt >= since }
        let most = endpoint.clientPolicy.callsInFlight
        return open >= most ? "started while \(open) were open, of \(most) allowed at once" : nil
    }

    /// `resume` and a restart can shorten the wait after a failed call, but not the wait that the server
    /// asked for. A refusal of another slot is certain to be written only a little after its instant.
    private func block(of call: LedgerEntry) -> LedgerEntry? {
        blocks.filter { block in
            let delay = block.slot == call.slot ? Duration.zero : ClientReplay.settlementDelay
            return block.retryAt! > call.startedAt
                && (block.slot == call.slot || block.settledAt! + delay <= call.startedAt)
        }.max { $0.retryAt! < $1.retryAt! }
    }

    /// The errors of the end of the call that started last.
    mutating func finish(_ record: LedgerRecord, at endpoint: Endpoint) -> [Breach] {
        let call = record.entry
        last[call.slot] = call
        window.add(call)
        guard call.settledAt != nil, let outcome = call.outcome else { return [] }
        blocks.removeAll { $0.retryAt! <= call.startedAt }
        if outcome == .rateLimited, call.retryAt != nil { blocks.append(call) }
        if call.spent > 0 { spendings += 1 }
        if bucket != nil { unfolded.append(record) }
        let due =
            switch outcome {
            case .succeeded, .expired: call.reserved
            // A gateway's refusal costs nothing.
            case .failed: record.isIntercepted && call.spent == 0 ? 0 : call.reserved
            case .unsent: 0
            case .rateLimited, .rejected: endpoint.clientPolicy.chargesRefusals ? call.reserved : 0
            case .unauthorized, .misdirected: 0
            }
        if call.spent == due { return [] }
        return [(.wrongCharge, "charged \(call.spent) tokens; \(outcome.rawValue) means \(due)")]
    }

    /// Subtracts the calls that ended before `next` began from the bucket, in the order of their ends. Calls
    /// of the same slot had ended, whatever the clock says. nil: all remaining calls.
    mutating func fold(before next: (call: LedgerEntry, endpoint: Endpoint)?) -> [(
        call: LedgerEntry, breach: Breach
    )] {
        var found: [(call: LedgerEntry, breach: Breach)] = []
        let over = unfolded.filter { record in
            guard let next else { return true }
            return record.entry.slot == next.call.slot
                || record.entry.settledAt! <= next.call.startedAt
        }.map(\.entry).sorted { ($0.settledAt!, $0.id) < ($1.settledAt!, $1.id) }
        for call in over {
            if let breach = takeFromBucket(call) { found.append((call, breach)) }
        }
        let folded = Set(over.map(\.id))
        unfolded.removeAll { folded.contains($0.entry.id) }
        guard let next else { return found }
        if let own = next.endpoint.bucket {
            if bucket == nil { bucket = BucketReplay(own) }
            bucket?.change(to: own)
        } else {
            bucket = nil
        }
        return found
    }

    /// The entry's own `full_at` adds nothing to this calculation, except in one case: if the clock was set
    /// back, it still contains the true time since the previous call. The ledger shows a clock change only if
    /// a call was settled before it started, or started before an earlier one. So the audit accepts a shift
    /// that a call's duration can hide, unless it occurs too often for any clock to explain.
    private mutating func takeFromBucket(_ call: LedgerEntry) -> Breach? {
        guard var replay = bucket else { return nil }
        defer { bucket = replay }
        switch replay.take(call) {
        case .fits: return nil
        case .absent: return (.wrongFullAt, "does not say when the bucket is full again")
        case .forgetful:
            return (.wrongFullAt, "leaves out of the bucket what other calls in flight took")
        case .early(let shift):
            replay.believe(call)
            if call.settledAt! < call.startedAt { return nil }
            earlyBuckets += 1
            let text =
                "records the bucket as full \(shift.milliseconds) ms earlier than its calls imply"
            if shift <= call.leaseUntil - call.startedAt || call.outcome == .expired {
                return (.clockSetBack, text + ": the clock was set back during the call")
            }
            return (.wrongFullAt, text)
        }
    }
}

extension Endpoint {
    fileprivate var ownWindows: [SlidingWindow] {
        limits.compactMap { limit in
            guard case .slidingWindow(let window) = limit, !window.isShared else { return nil }
            return window
        }
    }

    fileprivate var bucket: TokenBucket? {
        for case .tokenBucket(let bucket) in limits { return bucket }
        return nil
    }
}
