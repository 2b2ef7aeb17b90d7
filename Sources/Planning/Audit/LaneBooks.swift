/// What an audit keeps of one endpoint: its last call, and what its own limits hold.
struct LaneBooks {
    let endpoint: Endpoint
    private(set) var last: LedgerEntry?
    private var windows: [WindowBooks] = []
    private var bucket: BucketBooks?
    /// Calls that spent something, and those of them whose bucket was full earlier than it could be.
    private(set) var spendings = 0
    private(set) var earlyBuckets = 0

    init(_ endpoint: Endpoint) {
        self.endpoint = endpoint
        forget()
    }

    /// Begins anew, with limits that nothing was taken from.
    mutating func forget() {
        last = nil
        windows = []
        bucket = nil
        for limit in endpoint.limits {
            switch limit {
            case .slidingWindow(let window) where window.isShared: break  // ClientBooks has it.
            case .slidingWindow(let window): windows.append(WindowBooks(window))
            case .tokenBucket(let tokens): bucket = BucketBooks(tokens)
            }
        }
    }

    /// More than a clock that is set back now and then brings about.
    var hasEarlyBuckets: Bool { earlyBuckets >= 10 && earlyBuckets * 2 > spendings }

    typealias Breach = (code: AuditCode, text: String)

    /// What was wrong with a call's start. It follows the last one: the order of an endpoint's calls
    /// is known from their ids.
    mutating func start(_ call: LedgerEntry, products: Int) -> [Breach] {
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
        if let last, last.settledAt.map({ $0 > call.startedAt }) ?? true {
            breaches.append((.overlappingCalls, "started before call \(last.id) was over"))
        }
        // A failed call's wait can be cut short by `resume` and by a restart; what the server asked
        // for stays.
        if let last, last.outcome == .rateLimited, let retryAt = last.retryAt,
            retryAt > call.startedAt
        {
            let early = (retryAt - call.startedAt).milliseconds
            breaches.append(
                (.beforeRetry, "started \(early) ms before call \(last.id) allowed to come back"))
        }
        for index in windows.indices {
            if let breach = windows[index].breach(call) { breaches.append(breach) }
        }
        if let bucket {
            let left = bucket.left(at: call.startedAt)
            if call.reserved > left {
                breaches.append(
                    (
                        .overBucket,
                        "reserved \(call.reserved) tokens with \(left) of "
                            + "\(bucket.bucket.capacityTokens) in the bucket"
                    ))
            }
        }
        last = call
        return breaches
    }

    /// What was wrong with the end of the call that started last.
    mutating func finish(_ record: LedgerRecord) -> [Breach] {
        let call = record.entry
        guard let settledAt = call.settledAt, let outcome = call.outcome else { return [] }
        var breaches: [Breach] = []
        let due =
            switch outcome {
            case .succeeded, .expired: call.reserved
            // A gateway's refusal costs nothing.
            case .failed: record.isIntercepted && call.spent == 0 ? 0 : call.reserved
            case .unsent: 0
            case .rateLimited, .rejected: endpoint.clientPolicy.chargesRefusals ? call.reserved : 0
            case .unauthorized, .misdirected: 0
            }
        if call.spent != due {
            breaches.append(
                (.wrongCharge, "charged \(call.spent) tokens; \(outcome.rawValue) means \(due)"))
        }
        for index in windows.indices {
            windows[index].add(call.spent, countedBy: call.countedBy ?? settledAt)
        }
        if call.spent > 0 { spendings += 1 }
        if let breach = takeFromBucket(call, finish: settledAt) { breaches.append(breach) }
        return breaches
    }

    /// The bucket's own word, `full_at`, tells nothing that was not reckoned here, but for one case:
    /// where the clock was set back, it still knows how long it was since the call before. The
    /// ledger shows that only where a call was settled before it started, or another one started
    /// before an earlier one. So a shift that a call's duration can hide is believed, unless it comes
    /// up so often that no clock explains it.
    private mutating func takeFromBucket(_ call: LedgerEntry, finish: Timestamp) -> Breach? {
        guard var books = bucket else { return nil }
        defer { bucket = books }
        switch books.take(call, finish: finish) {
        case .fits: return nil
        case .absent: return (.wrongFullAt, "does not say when the bucket is full again")
        case .early(let shift):
            books.believe(call, finish: finish)
            if finish < call.startedAt { return nil }
            earlyBuckets += 1
            let text =
                "has the bucket full \(shift.milliseconds) ms earlier than the calls explain"
            if shift <= endpoint.lease || call.outcome == .expired {
                return (.clockSetBack, text + ": the clock was set back while it was under way")
            }
            return (.wrongFullAt, text)
        }
    }
}
