/// Replays a ledger from its first entry, and finds what breaks a rule.
///
/// It calculates the limits with arithmetic of its own, written independently of `SlidingWindow`,
/// `TokenBucket` and `DailyPool`, so that a mistake in those cannot excuse itself. Limits are settings: each
/// call is checked against those in force when it started. Memory is bounded: the calls that a window holds,
/// those since a pool's last balance, and a sum for each hour of the tally.
package struct LedgerAudit {
    package private(set) var report: AuditReport
    private var accounts: [AccountReplay]
    private var sequence: LedgerSequence
    private var tally = TallyReplay()

    /// - Parameters:
    ///   - keptPerCode: How many findings of one code are kept; the others are counted.
    ///   - gapsUpTo: Up to this id, ids may be missing without a call, as `hasGaps` says of all.
    package init(_ accounts: [AccountLimits], keptPerCode: Int = 20, gapsUpTo: Int64 = 0) {
        sequence = LedgerSequence(gapsUpTo: gapsUpTo)
        report = AuditReport(keptPerCode: keptPerCode)
        report.summary.pools = PoolTokens.none(accounts.flatMap(\.lastEndpoints))
        self.accounts = accounts.map(AccountReplay.init)
    }

    /// Takes the next entry, in the order of the ids.
    package mutating func take(_ record: LedgerRecord) {
        let call = record.entry
        guard record.isPossible else {
            report.add(.impossibleValue) {
                AuditFinding(
                    $0, callID: call.id, account: call.account, endpoint: call.endpoint,
                    text:
                        "contains impossible values: an outcome without a charge, or a time before 1970"
                )
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
            for account in accounts.indices { accounts[account].forgetPools(at: call.startedAt) }
        }
        tally.take(record)
        guard let account = accounts.firstIndex(where: { $0.limits.account == call.account }) else {
            return add(.unknownEndpoint, call, "no account of this name is set up")
        }
        guard
            let endpoint = accounts[account].limits.endpoint(call.endpoint, at: call.startedAt)
        else { return add(.unknownEndpoint, call, "no such endpoint is set up") }
        for breach in accounts[account].take(record, at: endpoint) {
            add(breach.code, breach.call, breach.text)
        }
        for judged in accounts[account].add(record) { add(judged) }
        if call.outcome == .rateLimited { addRefusal(call, accounts[account]) }
    }

    /// Compares the tally with the entries taken so far, which must be the whole ledger.
    ///
    /// - Parameter rows: Calls its argument with each row of the tally, in any order.
    package mutating func compareTally(_ rows: ((TallyRow) -> Void) throws -> Void) rethrows {
        try rows { tally.take($0) }
        for finding in tally.findings(.wrongTally) { report.add(finding.code) { _ in finding } }
    }

    /// - Parameters:
    ///   - now: Decides whether an open call is lost or in progress.
    ///   - lastID: The last id that the ledger ever gave, if that is known.
    ///   - hasGaps: Whether ids may be left out without a call: PostgreSQL draws them before a commit, and skips
    ///     some after a crash.
    package mutating func finish(
        at now: Timestamp, lastID: Int64? = nil, hasGaps: Bool = false
    ) -> AuditReport {
        for account in accounts.indices {
            for judged in accounts[account].finish() { add(judged) }
        }
        for account in accounts.indices {
            for breach in accounts[account].finish(at: now) {
                add(breach.code, breach.call, breach.text)
            }
        }
        if !hasGaps, let missing = sequence.missing(lastID: lastID) {
            report.add(.missingEntries) {
                AuditFinding(
                    $0, callID: missing.callID, account: nil, endpoint: nil, text: missing.text)
            }
        }
        return report
    }

    /// Earlier entries are not all known.
    private mutating func forget(at start: Timestamp) {
        tally.forget()
        for account in accounts.indices { accounts[account].forget(at: start) }
    }
}

extension LedgerAudit {
    private mutating func add(
        _ code: AuditCode, _ call: LedgerEntry, _ text: @autoclosure () -> String
    ) {
        report.add(code) {
            AuditFinding(
                $0, callID: call.id, account: call.account, endpoint: call.endpoint,
                startedAt: call.startedAt, text: text())
        }
    }

    private mutating func add(_ judged: (record: LedgerRecord, drift: DriftAnalysis?)) {
        let call = judged.record.entry
        guard let drift = judged.drift else {
            let stated = judged.record.driftTokens.map { "\($0)" } ?? "none"
            return add(
                .wrongDrift, call, "states a drift of \(stated), which contradicts its balance")
        }
        report.summary.add(at: call.endpoint, of: call.account) {
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
                "\(drift.lostReplyTokens) tokens reserved for failed or refused calls were not charged"
            )
        }
        if drift.unexplainedTokens > 0 {
            add(
                .unexplainedBalance, call,
                "the balance is \(drift.unexplainedTokens) tokens higher than any call explains")
        }
    }

    private mutating func addRefusal(_ call: LedgerEntry, _ account: AccountReplay) {
        let isShared = account.otherClientAt.map { call.startedAt - $0 <= .day } ?? false
        add(
            .refused, call,
            isShared
                ? "was refused within the limits: another client uses the key"
                : "was refused within the limits: is a limit set higher than the key's?")
    }
}
