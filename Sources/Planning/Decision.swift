/// What a lane does next. The planner returns a `Decision<CallPlan>`; a claim, which opens the planned call,
/// returns a `Decision<OpenCall>`.
package enum Decision<Call> {
    /// Make this call.
    case call(Call)
    /// Settle the open call with this id as lost: its lease ran out.
    case expire(callID: Int64)
    /// Do nothing before `until`; if that is nil, before something changes in the queue.
    case hold(Hold, until: Timestamp?)

    /// The same decision with the call that `transform` makes of a planned one.
    package func map<Other>(_ transform: (Call) throws -> Other) rethrows -> Decision<Other> {
        switch self {
        case .call(let call): .call(try transform(call))
        case .expire(let callID): .expire(callID: callID)
        case .hold(let hold, let until): .hold(hold, until: until)
        }
    }
}

extension Decision: Sendable where Call: Sendable {}
extension Decision: Equatable where Call: Equatable {}
extension Decision: Hashable where Call: Hashable {}

/// A call that every limit of its endpoint can pay for.
package struct CallPlan: Equatable, Sendable {
    package var jobs: [Job]
    package var reservedTokens: Int
    package var leaseUntil: Timestamp

    package init(jobs: [Job], reservedTokens: Int, leaseUntil: Timestamp) {
        self.jobs = jobs
        self.reservedTokens = reservedTokens
        self.leaseUntil = leaseUntil
    }
}

/// Why a lane makes no call. The raw values are part of `status --json`.
package enum Hold: String, Equatable, Sendable, CaseIterable {
    /// The queue has no job.
    case idle
    /// Jobs are queued, but none may run yet.
    case notDue = "not_due"
    case paused
    /// The provider refused the key (401, 403): until `resume` or a restart.
    case halted
    /// A call is in progress.
    case calling
    /// The server refused the last call and said when to retry.
    case rateLimited = "rate_limited"
    /// The last calls failed.
    case backingOff = "backing_off"
    /// The lane waits for more jobs, to fill a step of the tariff.
    case lingering
    case slidingWindow = "sliding_window"
    case tokenBucket = "token_bucket"
    /// The day's tokens are spent.
    case dailyPool = "daily_pool"
    /// The rest of the day's tokens is reserved for another endpoint.
    case poolShare = "pool_share"
}

/// A call in the ledger that is not settled yet; its jobs are running.
package struct OpenCall: Hashable, Sendable {
    package var entry: LedgerEntry
    package var jobs: [Job]

    package init(entry: LedgerEntry, jobs: [Job]) {
        self.entry = entry
        self.jobs = jobs
    }
}
