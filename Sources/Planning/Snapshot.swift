/// All that a lane's decision reads, in the transaction that acts on it.
package struct Snapshot: Equatable, Sendable {
    package var endpoint: Endpoint
    /// The slot of the lane.
    package var slot: Int
    package var isPaused: Bool
    /// The ledger's last id when the lane was last resumed. Calls up to it neither halt the lane nor
    /// make it back off.
    package var resumedAfter: Int64
    /// Jobs that may run now, in the order in which lanes take them: by priority, then first in, first out.
    /// At least a full batch of them if the queue has as many, and at least a full batch of those that never
    /// failed.
    package var ready: [Job]
    /// When the next job that must not run yet becomes due.
    package var nextDueAt: Timestamp?
    package var ledger: Ledger
    package var peers: [PoolPeer]

    package init(
        endpoint: Endpoint, slot: Int = 0, isPaused: Bool = false, resumedAfter: Int64 = 0,
        ready: [Job] = [], nextDueAt: Timestamp? = nil, ledger: Ledger = Ledger(),
        peers: [PoolPeer] = []
    ) {
        self.endpoint = endpoint
        self.slot = slot
        self.isPaused = isPaused
        self.resumedAfter = resumedAfter
        self.ready = ready
        self.nextDueAt = nextDueAt
        self.ledger = ledger
        self.peers = peers
    }
}

/// Another endpoint that draws from the same pool, and its waiting jobs.
package struct PoolPeer: Equatable, Sendable {
    package var endpoint: Endpoint
    package var isPaused: Bool
    package var resumedAfter: Int64
    /// Jobs that may run before the pool is full again, by priority: ten numbers. No more are counted
    /// than `jobsThatMatter`, and none beyond `lastPriorityThatMatters`.
    package var waiting: [Int]

    package init(
        endpoint: Endpoint, isPaused: Bool = false, resumedAfter: Int64 = 0, waiting: [Int]
    ) {
        self.endpoint = endpoint
        self.isPaused = isPaused
        self.resumedAfter = resumedAfter
        self.waiting = waiting
    }

    /// How many waiting jobs of `peer` can make a difference to `other`: as many as the peer could
    /// run before the reset, or none while the pool has a full batch left after all peers' shares.
    package static func jobsThatMatter(
        _ peer: Endpoint, to other: Endpoint, among endpoints: [Endpoint], _ pool: DailyPool.Level,
        _ ledger: Ledger, at now: Timestamp
    ) -> Int {
        func most(_ endpoint: Endpoint) -> Int {
            endpoint.spendable(from: now, until: pool.resetsAt, ledger: ledger)
        }
        let shares = endpoints.filter { $0.name != other.name && $0.sharedPool != nil }.map(most)
            .reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
        let isAmple = pool.tokens - other.tariff.cost(of: other.batchLimit) >= shares
        if isAmple { return 0 }
        let tokens = max(0, min(pool.tokens, most(peer)))
        return max(tokens, peer.tariff.products(for: tokens))
    }

    /// The least urgent priority of `peer` that can go before one of `ready` at `other`; below 0, none can.
    package static func lastPriorityThatMatters(
        _ peer: Endpoint, to other: Endpoint, _ ready: [Job]
    ) -> Int {
        guard let last = ready.map(\.priority).max() else { return -1 }
        return isSlower(peer, than: other) ? last : last - 1
    }

    /// Tokens of the pool that are reserved for this endpoint when `other` wants them for a job of
    /// `priority`: the tokens that it can use for jobs that go first, as far as its own limits allow.
    ///
    /// At the same priority the slower endpoint's jobs go first, because the faster one could empty the pool
    /// by early morning and starve it for the rest of the day.
    func share(
        against other: Endpoint, priority: Int, ledger: Ledger, from now: Timestamp,
        until reset: Timestamp
    ) -> Int {
        guard !isPaused, !ledger.isHalted(endpoint.name, resumedAfter: resumedAfter) else {
            return 0
        }
        let isSlower = Self.isSlower(endpoint, than: other)
        let ahead = waiting.prefix(isSlower ? priority + 1 : priority).reduce(0, +)
        guard ahead > 0 else { return 0 }
        return min(
            endpoint.tariff.cost(of: ahead),
            endpoint.spendable(from: now, until: reset, ledger: ledger))
    }

    private static func isSlower(_ endpoint: Endpoint, than other: Endpoint) -> Bool {
        (endpoint.tokensPerMinute, endpoint.name) < (other.tokensPerMinute, other.name)
    }
}
