internal import Planning

extension ModelStore {
    /// `Store.settle`.
    /// - Returns: nil, with nothing changed, if the call must not be settled any more.
    mutating func settle(
        _ callID: Int64, _ ending: DatedOutcome, _ endpoint: Endpoint, at now: Timestamp,
        _ rules: ModelRules
    ) throws(ModelBreach) -> Settlement? {
        let index = Int(callID) - 1
        let call = ledger[index]
        guard rules.maySettle(call) else { return nil }
        guard call.settledAt == nil else {
            throw ModelBreach(.settledOnce, "call \(callID) was \(call.outcome!.rawValue)")
        }
        let jobs = jobs(of: callID).map(\.job)
        let settlement = rules.resolve(
            ending, call, jobs, endpoint, Ledger(ledger.filter { rules.isSeen($0, endpoint) }), now)
        ledger[index].settledAt = now
        ledger[index].outcome = settlement.outcome
        ledger[index].charged = settlement.chargedTokens
        ledger[index].dailyRemaining = settlement.dailyRemaining
        ledger[index].dailyResetAt = settlement.dailyResetAt
        ledger[index].dailyPool = settlement.dailyPool
        ledger[index].retryAt = settlement.retryAt
        ledger[index].fullAt = settlement.fullAt
        ledger[index].serverAt = settlement.serverAt
        ledger[index].isAlone =
            [.rejected, .failed].contains(settlement.outcome) && jobs.count == 1
        for change in settlement.changes { apply(change, ending.outcome) }
        for call in settlement.revivedCalls { revive(call) }
        return settlement
    }

    private mutating func revive(_ callID: Int64) {
        for index in jobs.indices
        where jobs[index].state == .discarded && jobs[index].job.lastCallID == callID {
            jobs[index].state = .available(notBefore: nil)
        }
    }

    private mutating func apply(_ change: JobChange, _ outcome: CallOutcome) {
        let index = Int(change.job.id) - 1
        jobs[index].job = change.job
        if case .succeeded = outcome { jobs[index].isAnswered = true }
        switch change {
        case .completed: jobs[index].state = .completed
        case .available(_, let notBefore): jobs[index].state = .available(notBefore: notBefore)
        case .continued: jobs[index].state = .available(notBefore: nil)
        case .discarded: jobs[index].state = .discarded
        }
    }
}
