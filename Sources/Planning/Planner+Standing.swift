/// What a look for due products of schedules reads: the demand of everything else on the same account.
package struct StandingSnapshot: Equatable, Sendable {
    /// The waiting jobs of an endpoint that the account may take.
    package struct Demand: Equatable, Sendable {
        /// Those that may run before the pool is full again. No more are counted than the endpoint can pay
        /// for.
        package var peer: PoolPeer
        /// Whether one of them may run now.
        package var isReady: Bool

        package init(_ peer: PoolPeer, isReady: Bool) {
            self.peer = peer
            self.isReady = isReady
        }

        package var waiting: Int { peer.waiting.reduce(0, +) }
    }

    package var endpoint: Endpoint
    package var ledger: Ledger
    /// Of each endpoint of the account, this one included.
    package var demands: [Demand]
    /// The calls that a product takes at most: its pages where answers have pages.
    package var callsEach: Int

    package init(
        endpoint: Endpoint, ledger: Ledger = Ledger(), demands: [Demand], callsEach: Int = 1
    ) {
        self.endpoint = endpoint
        self.ledger = ledger
        self.demands = demands
        self.callsEach = callsEach
    }
}

/// How many products of schedules may be enqueued.
package enum StandingRoom: Equatable, Sendable {
    /// At most this many, at least one.
    case products(Int)
    /// None before then; nil: before something changes in the queue.
    case none(until: Timestamp?)
}

extension Planner {
    /// How many products of schedules may be enqueued at an endpoint of an account now: at most one call's
    /// worth, and only while no job is ready there, so that no more are open than the endpoint's lanes have
    /// in flight and one call's worth.
    ///
    /// - The day's tokens must cover all other jobs of the pool first, and the pool's floor stays.
    /// - The minute limits keep the tokens of a full call, if they hold more than that: a job that arrives next
    ///   waits for the call in flight, and for nothing else.
    package static func standingRoom(
        _ snapshot: StandingSnapshot, at now: Timestamp
    ) -> StandingRoom {
        let endpoint = snapshot.endpoint
        let isAlone =
            endpoint.clientPolicy.isOneConnection || endpoint.limits.contains(where: \.isShared)
        let own = snapshot.demands.filter { $0.peer.endpoint.name == endpoint.name }
        // A lane that stands still gets no more either, so that its queue does not grow.
        if own.contains(where: \.isReady) { return .none(until: nil) }
        if isAlone,
            snapshot.demands.contains(where: {
                $0.isReady && $0.peer.mayCall(snapshot.ledger, at: now)
            })
        {
            return .none(until: nil)
        }
        // Jobs whose call failed are tried again before others are added.
        if snapshot.ledger.failedCalls(at: endpoint.name) > 0,
            own.contains(where: { $0.waiting > 0 })
        {
            return .none(until: nil)
        }

        let tariff = endpoint.tariff
        var tokens = Int.max
        var resets: [Timestamp] = []
        for (level, left) in leftovers(snapshot, at: now) {
            if left < tariff.cost(of: 1) * snapshot.callsEach { resets.append(level.resetsAt) }
            tokens = min(tokens, left / snapshot.callsEach)
        }
        if let reset = resets.max() { return .none(until: reset) }
        for limit in endpoint.limits {
            switch limit.standingTokens(endpoint, snapshot.ledger, at: now) {
            case .tokens(let left): tokens = min(tokens, left)
            case .none(let until): return .none(until: until)
            }
        }
        let products = min(endpoint.batchLimit, tariff.products(for: tokens))
        return products > 0 ? .products(products) : .none(until: nil)
    }

    /// What each pool of the endpoint has left over: its tokens without those that waiting jobs take before
    /// the reset, and without its floor. Below 0 if there are too few.
    package static func leftovers(
        _ snapshot: StandingSnapshot, at now: Timestamp
    ) -> [(level: DailyPool.Level, tokens: Int)] {
        snapshot.endpoint.pools.map { pool in
            let level = pool.level(snapshot.ledger, at: now)
            let needed = snapshot.demands.map(\.peer).filter { $0.endpoint.pools.contains(pool) }
                .reduce(0) {
                    $0
                        + $1.share(
                            against: snapshot.endpoint, priority: 10,
                            ledger: snapshot.ledger, from: now, until: level.resetsAt)
                }
            return (level, level.tokens - needed - pool.floorTokens)
        }
    }
}

extension PoolPeer {
    /// Whether its lanes may take a job now, as far as people and pools let them.
    fileprivate func mayCall(_ ledger: Ledger, at now: Timestamp) -> Bool {
        !isPaused && !ledger.isHalted(endpoint.name, resumedAfter: resumedAfter)
            && endpoint.pools.allSatisfy {
                $0.level(ledger, at: now).tokens >= endpoint.tariff.cost(of: 1)
            }
    }
}

extension RateLimit {
    fileprivate enum Standing {
        case tokens(Int)
        case none(until: Timestamp?)
    }

    fileprivate var isShared: Bool {
        if case .slidingWindow(let window) = self { window.isShared } else { false }
    }

    /// The tokens beyond those that are kept for a full call. A limit that holds little more than that waits
    /// until it is full, so that calls are few and large.
    fileprivate func standingTokens(
        _ endpoint: Endpoint, _ ledger: Ledger, at now: Timestamp
    ) -> Standing {
        let kept = keptTokens(for: endpoint)
        let wanted = min(endpoint.tariff.cost(of: endpoint.batchLimit), capacityTokens - kept)
        switch self {
        case .slidingWindow(let window):
            let calls = window.calls(ledger, at: endpoint.name)
            let left = window.available(calls, at: now) - kept
            return left >= wanted
                ? .tokens(left)
                : .none(until: window.earliest(for: kept + wanted, calls, at: now))
        case .tokenBucket(let bucket):
            let fullAt = ledger.fullAt(at: endpoint.name)
            let left =
                bucket.available(fullAt: fullAt, at: now) - ledger.reserved(at: endpoint.name)
                - kept
            // While a call is in flight, its end changes this.
            return left >= wanted
                ? .tokens(left)
                : .none(
                    until: ledger.reserved(at: endpoint.name) > 0
                        ? nil : bucket.earliest(for: kept + wanted, fullAt: fullAt, at: now))
        }
    }

    /// What jobs of schedules leave of it at any moment: a full call.
    private func keptTokens(for endpoint: Endpoint) -> Int {
        let tariff = endpoint.tariff
        return max(
            0, min(tariff.cost(of: endpoint.batchLimit), capacityTokens - tariff.cost(of: 1)))
    }

    /// What jobs of schedules may spend of it in a day. A bucket fills up to what is kept of it, a window holds
    /// that much less.
    func standingTokensPerDay(at endpoint: Endpoint) -> Int {
        switch self {
        case .slidingWindow(let window):
            let tokens = Int64(max(0, window.capacityTokens - keptTokens(for: endpoint)))
            return Int(tokens * Duration.day.milliseconds / max(1, window.period.milliseconds))
        case .tokenBucket(let bucket): return bucket.tokensPerMinute * 1_440
        }
    }

    private var capacityTokens: Int {
        switch self {
        case .slidingWindow(let window): window.capacityTokens
        case .tokenBucket(let bucket): bucket.capacityTokens
        }
    }
}
