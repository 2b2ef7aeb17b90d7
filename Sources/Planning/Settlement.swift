/// What a call's end means for the ledger and for each of its jobs: written in one transaction.
package struct Settlement: Equatable, Sendable {
    package var outcome: LedgerEntry.Outcome
    package var chargedTokens: Int
    package var httpStatus: Int?
    package var dailyRemaining: Int?
    package var dailyResetAt: Timestamp?
    /// The endpoint whose own pool the balance belongs to; nil for the pool that all share.
    package var dailyPool: String?
    /// The server's balance less the one that the ledger predicts; nil if either is unknown.
    package var driftTokens: Int?
    package var retryAt: Timestamp?
    package var fullAt: Timestamp?
    /// The time of the server's clock in its reply.
    package var serverAt: Timestamp?
    /// When the request left, if a reply came.
    package var sentAt: Timestamp?
    /// The server's message, or a code of ours for a failure on the way (`timeout`).
    package var message: String?
    /// One for each job of the call.
    package var changes: [JobChange]
    /// Products that answers lead to.
    package var followUps: [FollowUp] = []
    /// Calls whose dead letters go back into the queue.
    package var revivedCalls: [Int64] = []

    package init(
        outcome: LedgerEntry.Outcome, chargedTokens: Int, httpStatus: Int? = nil,
        dailyRemaining: Int? = nil, dailyResetAt: Timestamp? = nil, dailyPool: String? = nil,
        driftTokens: Int? = nil, retryAt: Timestamp? = nil, fullAt: Timestamp? = nil,
        message: String? = nil, changes: [JobChange]
    ) {
        self.outcome = outcome
        self.chargedTokens = chargedTokens
        self.httpStatus = httpStatus
        self.dailyRemaining = dailyRemaining
        self.dailyResetAt = dailyResetAt
        self.dailyPool = dailyPool
        self.driftTokens = driftTokens
        self.retryAt = retryAt
        self.fullAt = fullAt
        self.message = message
        self.changes = changes
    }
}

/// The state that a job changes to from `running`.
package enum JobChange: Equatable, Sendable {
    /// Answered; nil if the reply has no item for it.
    case completed(Job, Item?)
    /// One page has arrived, and the job waits for the next one.
    case continued(Job, Item)
    /// Back in the queue with the job's new counts; `notBefore` nil: at once.
    case available(Job, notBefore: Timestamp?)
    /// A dead letter.
    case discarded(Job, error: String)

    package var job: Job {
        switch self {
        case .completed(let job, _), .continued(let job, _), .available(let job, _),
            .discarded(let job, _):
            job
        }
    }
}

/// A product to ask another endpoint about, because the answer to a job leads to it.
package struct FollowUp: Equatable, Sendable {
    /// The job that was answered: the product inherits its label, priority and account.
    package var jobID: Int64
    package var endpoint: String
    package var product: String
    /// No lookup if there is an answer at least as recent as this.
    package var freshSince: Timestamp

    package init(jobID: Int64, endpoint: String, product: String, freshSince: Timestamp) {
        self.jobID = jobID
        self.endpoint = endpoint
        self.product = product
        self.freshSince = freshSince
    }
}
