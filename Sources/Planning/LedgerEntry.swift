/// A call as stored in the ledger: open until it is settled, then final.
package struct LedgerEntry: Hashable, Sendable {
    /// How a call ended, as the ledger spells it.
    package enum Outcome: String, Sendable, CaseIterable {
        case succeeded
        case rateLimited = "rate_limited"
        case rejected
        /// The key was refused.
        case unauthorized
        /// The address is wrong.
        case misdirected
        case failed
        /// No connection could be made, so nothing is charged.
        case unsent
        case expired
    }

    package var id: Int64
    package var account: String
    package var endpoint: String
    /// The slot of the lane that made the call.
    package var slot: Int
    /// Tokens set aside before the request left.
    package var reserved: Int
    package var startedAt: Timestamp
    package var leaseUntil: Timestamp
    /// nil while the call is open; `outcome` and `charged` are nil exactly then.
    package var settledAt: Timestamp?
    package var outcome: Outcome?
    /// Tokens that we count as spent.
    package var charged: Int?
    /// The balance that the server gave with its reply, and when that balance lapses.
    package var dailyRemaining: Int?
    package var dailyResetAt: Timestamp?
    /// The endpoint whose own pool the balance belongs to; nil for the pool that all share.
    package var dailyPool: String?
    /// No call at this endpoint before this.
    package var retryAt: Timestamp?
    /// When the endpoint's token bucket is full again; nil for other limits.
    package var fullAt: Timestamp?
    /// The time of the server's clock when it answered, cut to the second (the reply's Date).
    package var serverAt: Timestamp?
    /// When the request left: later than the start by its transaction and, if it opened one, by its
    /// connection. nil without a reply.
    package var sentAt: Timestamp?
    /// Whether a call that was rejected or failed carried one product alone. It is false for other outcomes
    /// and while the call is open: no rule needs it there, and counting products takes time.
    package var isAlone: Bool

    package init(
        id: Int64, account: String, endpoint: String, slot: Int = 0, reserved: Int,
        startedAt: Timestamp, leaseUntil: Timestamp,
        settledAt: Timestamp? = nil, outcome: Outcome? = nil, charged: Int? = nil,
        dailyRemaining: Int? = nil, dailyResetAt: Timestamp? = nil, dailyPool: String? = nil,
        retryAt: Timestamp? = nil, fullAt: Timestamp? = nil, serverAt: Timestamp? = nil,
        sentAt: Timestamp? = nil, isAlone: Bool = false
    ) {
        self.id = id
        self.account = account
        self.endpoint = endpoint
        self.slot = slot
        self.reserved = reserved
        self.startedAt = startedAt
        self.leaseUntil = leaseUntil
        self.settledAt = settledAt
        self.outcome = outcome
        self.charged = charged
        self.dailyRemaining = dailyRemaining
        self.dailyResetAt = dailyResetAt
        self.dailyPool = dailyPool
        self.retryAt = retryAt
        self.fullAt = fullAt
        self.serverAt = serverAt
        self.sentAt = sentAt
        self.isAlone = isAlone
    }

    /// The lane that made the call.
    package var lane: LaneID { LaneID(account: account, endpoint: endpoint, slot: slot) }

    /// Tokens to calculate with: the charge, or the reservation as long as the call is open.
    package var spent: Int { charged ?? reserved }

    /// The instant after which the server cannot count the call any more; nil while it is open.
    ///
    /// That is when it was settled, unless the daemon that made it was killed: then its request may still be
    /// on the way, and only the lease limits how long. (Not longer than a lease from the settlement, in case
    /// the clock was set back in between.)
    package var countedBy: Timestamp? {
        guard let settledAt, let outcome else { return nil }
        return countedBy(settledAt: settledAt, as: outcome)
    }

    func countedBy(settledAt: Timestamp, as outcome: Outcome) -> Timestamp {
        guard outcome == .expired else { return settledAt }
        return max(settledAt, min(leaseUntil, settledAt + (leaseUntil - startedAt)))
    }

    /// How long the reply took from when the request left; nil without a reply.
    var replyTime: Duration? {
        guard let sentAt, let settledAt else { return nil }
        return max(.zero, settledAt - sentAt)
    }

    /// When the call left; after the clock was set back, when it was settled.
    var clampedStart: Timestamp { settledAt.map { min($0, startedAt) } ?? startedAt }

    /// The earliest instant at which the server's pool may have been reset: the server measured the time to
    /// it somewhere between the start of the call and its end, and `dailyResetAt` counts from the end.
    var dailyResetEarliestAt: Timestamp? {
        guard let dailyResetAt, let settledAt else { return nil }
        return dailyResetAt - (settledAt - clampedStart)
    }

    /// A settled entry cannot be later than `now`. If it is, the clock was set back, and all its instants are
    /// moved back by as much, so that it counts as settled just now.
    package func clamped(to now: Timestamp) -> LedgerEntry {
        guard let settledAt, settledAt > now else { return self }
        let ahead = settledAt - now
        var moved = self
        moved.settledAt = now
        moved.dailyResetAt = dailyResetAt.map { $0 - ahead }
        moved.retryAt = retryAt.map { $0 - ahead }
        moved.fullAt = fullAt.map { $0 - ahead }
        return moved
    }
}
