/// One call that a provider offers, as a value: how many products it takes, what it costs, and the
/// limits that ration it.
package struct Endpoint: Hashable, Sendable {
    /// Its name everywhere: in the queue, in the ledger and on the command line.
    package var name: String
    package var provider: String
    /// The account that the limits apply to: an account is one key of the provider.
    package var account: String
    /// Whether the account also takes jobs that name no account.
    package var isShared: Bool
    /// Products in one call, at most.
    package var batchLimit: Int
    package var tariff: Tariff
    /// The limits of this endpoint alone, in addition to the pool that it shares. At most one of them is a
    /// token bucket, because the ledger keeps one instant for it.
    package var limits: [RateLimit]
    /// All pools that its calls draw from: each has to have the tokens.
    package var pools: [DailyPool]
    /// How long a batch waits for a full step of its tariff.
    package var linger: Duration
    /// How long a request may take before the client cancels it.
    package var timeout: Duration
    package var clientPolicy: ClientPolicy
    /// Whether an answer has pages, each of which is a call.
    package var hasPages: Bool
    /// The endpoint that answers of this one lead to.
    package var leadsTo: String?

    /// - Parameter account: nil for the provider's first account, which has the provider's name.
    package init(
        name: String, provider: String, account: String? = nil, isShared: Bool = true,
        batchLimit: Int, tariff: Tariff, limits: [RateLimit], pools: [DailyPool],
        linger: Duration, timeout: Duration,
        clientPolicy: ClientPolicy = ClientPolicy(), hasPages: Bool = false, leadsTo: String? = nil
    ) {
        self.name = name
        self.provider = provider
        self.account = account ?? provider
        self.isShared = isShared
        self.batchLimit = batchLimit
        self.tariff = tariff
        self.limits = limits
        self.pools = pools
        self.linger = linger
        self.timeout = timeout
        self.clientPolicy = clientPolicy
        self.hasPages = hasPages
        self.leadsTo = leadsTo
    }

    /// The accounts whose jobs its lanes take: its own and, if that is shared, none (nil).
    package var jobAccounts: [String?] { isShared ? [nil, account] : [account] }

    /// Its lanes, one for each call that it may have in flight.
    package var lanes: [LaneID] {
        clientPolicy.slots.map { LaneID(account: account, endpoint: name, slot: $0) }
    }

    /// The pool that it shares with the provider's other endpoints.
    package var sharedPool: DailyPool? { pools.first(where: \.isShared) }

    /// The pool that a balance belongs to, by the `allowance` that the server gave with it: if there are
    /// several, the one with that allowance.
    func pool(allowance: Int?) -> DailyPool? {
        pools.count == 1 ? pools[0] : pools.first { $0.allowanceTokens == allowance }
    }

    /// How long a call may stay open before it counts as lost. Half a minute over the timeout, so that a
    /// reply that came in time is settled first.
    package var lease: Duration { timeout + .seconds(30) }

    /// How long after its claim a call's request may leave, so that a reply that takes the whole timeout comes
    /// before the lease is over.
    package var sendsWithin: Duration { lease - timeout }

    /// Tokens in one minute of steady use: the endpoint with fewer is the slower one.
    package var tokensPerMinute: Int {
        limits.map(\.tokensPerMinute).min() ?? .max
    }

    /// Two statements of the same reset may differ: a reply gives it to the second, another one only its day.
    private static let resetSlack = Duration.minute

    /// The most tokens that calls at this endpoint could spend from `now` until `end`, as far as its own
    /// limits and pools go.
    package func spendable(
        from now: Timestamp, until end: Timestamp, ledger: Ledger
    ) -> Int {
        let elapsed = max(0, (end - now).milliseconds)
        let most =
            limits.map { limit in
                let flow = Int(elapsed * Int64(limit.tokensPerMinute) / 60_000)
                return switch limit {
                case .slidingWindow(let window):
                    window.available(window.calls(ledger, at: name), at: now) + flow
                case .tokenBucket(let bucket):
                    bucket.available(fullAt: ledger.fullAt(at: name), at: now)
                        - ledger.reserved(at: name) + flow
                }
            }.min() ?? .max
        let left = pools.filter { !$0.isShared }.map { pool in
            let level = pool.level(ledger, at: now)
            return level.resetsAt + Self.resetSlack < end ? pool.allowanceTokens : level.tokens
        }
        // A window can be overdrawn after its limit was lowered or the clock was set back.
        return max(0, min(most, left.min() ?? .max))
    }
}

extension [Endpoint] {
    /// The pools that these endpoints of one provider draw from, each once.
    package var everyPool: [DailyPool] {
        var every: [DailyPool] = []
        for pool in flatMap(\.pools) where !every.contains(pool) { every.append(pool) }
        return every
    }
}

/// A limit over minutes rather than the day.
package enum RateLimit: Hashable, Sendable {
    case slidingWindow(SlidingWindow)
    case tokenBucket(TokenBucket)

    /// Tokens that may be spent in one minute of steady use.
    package var tokensPerMinute: Int {
        switch self {
        case .slidingWindow(let window):
            Int(Int64(window.capacityTokens) * 60_000 / max(1, window.period.milliseconds))
        case .tokenBucket(let bucket): bucket.tokensPerMinute
        }
    }
}
