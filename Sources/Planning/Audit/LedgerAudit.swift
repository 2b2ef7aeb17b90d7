/// Folds a ledger from its first entry, and finds what breaks a rule.
///
/// It reckons the limits by arithmetic of its own, written apart from `SlidingWindow`, `TokenBucket`
/// and `DailyPool`, so that a mistake in those cannot excuse itself. Limits are settings: calls are
/// judged by those of today. What it keeps is bounded: the calls that a window holds, and those since
/// a pool's last balance.
package struct LedgerAudit {
    package private(set) var report: AuditReport
    private var lanes: [LaneBooks]
    private var providers: [ProviderBooks] = []
    private var sequence = LedgerSequence()

    /// - Parameter keptPerCode: How many findings of one code are kept; the others are counted.
    package init(_ endpoints: [Endpoint], keptPerCode: Int = 20) {
        report = AuditReport(keptPerCode: keptPerCode)
        report.summary.pools = Endpoint.poolGroups(endpoints).map(PoolTokens.init)
        lanes = endpoints.map(LaneBooks.init)
        for endpoint in endpoints where !providers.contains(where: { $0.name == endpoint.provider })
        {
            providers.append(ProviderBooks(endpoints.filter { $0.provider == endpoint.provider }))
        }
    }

    /// Takes the next entry, in the order of the ids.
    package mutating func take(_ record: LedgerRecord) {
        let call = record.entry
        guard record.isPossible else {
            report.add(.impossibleValue) {
                AuditFinding(
                    $0, callID: call.id, endpoint: call.endpoint,
                    text: "holds what no call can: an outcome without a charge, a time before 1970")
            }
            sequence.pass(call.id)
            return forget(at: Timestamp(milliseconds: 0))
        }
        report.summary.add(record)
        switch sequence.take(call) {
        case .next: break
        case .gap: forget(at: call.startedAt)
        case .back(let earlier, let shift):
            add(
                .clockSetBack, call, "started \(shift.milliseconds) ms before call \(earlier) did")
            forgetPools(at: call.startedAt)
        }
        guard let lane = lanes.firstIndex(where: { $0.endpoint.name == call.endpoint }) else {
            return add(.unknownEndpoint, call, "no such endpoint is set up")
        }
        let provider = providers.firstIndex { $0.name == lanes[lane].endpoint.provider }!
        let breaches = lanes[lane].start(call, products: record.products)
        for breach in breaches + providers[provider].start(call) {
            add(breach.code, call, breach.text)
        }
        if let left = providers[provider].left(for: call), call.reserved > left {
            add(.overPool, call, "reserved \(call.reserved) tokens with \(left) left for the day")
        }
        if let settledAt = call.settledAt, settledAt < call.startedAt {
            let shift = (call.startedAt - settledAt).milliseconds
            add(.clockSetBack, call, "was settled \(shift) ms before it started")
        }
        for breach in lanes[lane].finish(record) { add(breach.code, call, breach.text) }
        for judged in providers[provider].add(record) { add(judged) }
        if call.outcome == .rateLimited { addRefusal(call, providers[provider]) }
    }

    /// - Parameters:
    ///   - now: By it a call that is still open is lost or under way.
    ///   - lastID: The last id that the ledger ever gave, if that is known.
    package mutating func finish(at now: Timestamp, lastID: Int64? = nil) -> AuditReport {
        for provider in providers.indices {
            for judged in providers[provider].finish() { add(judged) }
        }
        for lane in lanes {
            if let call = lane.last, call.settledAt == nil, call.leaseUntil <= now {
                add(.leftOpen, call, "is open although its lease is over: a start settles it")
            }
            if lane.hasEarlyBuckets, let call = lane.last {
                add(
                    .wrongFullAt, call,
                    "is the last of \(lane.spendings) calls, of which \(lane.earlyBuckets) have the"
                        + " bucket full too early: no clock is set back so often")
            }
        }
        if let missing = sequence.missing(lastID: lastID) {
            report.add(.missingEntries) {
                AuditFinding($0, callID: missing.callID, endpoint: nil, text: missing.text)
            }
        }
        return report
    }

    /// What came before is not all known.
    private mutating func forget(at start: Timestamp) {
        for lane in lanes.indices { lanes[lane].forget() }
        forgetPools(at: start)
    }

    private mutating func forgetPools(at start: Timestamp) {
        for provider in providers.indices { providers[provider].forget(at: start) }
    }
}

extension LedgerAudit {
    private mutating func add(
        _ code: AuditCode, _ call: LedgerEntry, _ text: @autoclosure () -> String
    ) {
        report.add(code) {
            AuditFinding(
                $0, callID: call.id, endpoint: call.endpoint, startedAt: call.startedAt,
                text: text())
        }
    }

    private mutating func add(_ judged: (record: LedgerRecord, drift: DriftJudgement?)) {
        let call = judged.record.entry
        guard let drift = judged.drift else {
            let stated = judged.record.driftTokens.map { "\($0)" } ?? "none"
            return add(.wrongDrift, call, "states a drift of \(stated), which its balance belies")
        }
        report.summary.add(at: call.endpoint) {
            $0.otherClient += drift.otherClientTokens
            $0.lostReply += drift.lostReplyTokens
            $0.unexplained += drift.unexplainedTokens
        }
        if drift.otherClientTokens > 0 {
            add(
                .anotherClient, call,
                "another client spent \(drift.otherClientTokens) tokens since the balance before")
        }
        if drift.lostReplyTokens > 0 {
            add(
                .lostReply, call,
                "\(drift.lostReplyTokens) tokens of calls that failed or were refused were not charged"
            )
        }
        if drift.unexplainedTokens > 0 {
            add(
                .unexplainedBalance, call,
                "the balance is \(drift.unexplainedTokens) tokens higher than any call explains")
        }
    }

    private mutating func addRefusal(_ call: LedgerEntry, _ provider: ProviderBooks) {
        let isShared = provider.otherClientAt.map { call.startedAt - $0 <= .day } ?? false
        add(
            .refused, call,
            isShared
                ? "was refused with room in the books: another client uses the key"
                : "was refused with room in the books: is a limit set higher than the key's?")
    }
}
