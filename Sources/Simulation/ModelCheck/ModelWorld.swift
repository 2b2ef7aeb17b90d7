internal import Planning

/// A world so small that every order of its events can be tried: an account or two with two endpoints, limits
/// of two or three tokens, a handful of jobs, a few faults, and some ticks of the clock.
///
/// Where the server sees one client, the endpoints are lookups and searches in place of images and
/// barcodes: each call has a token's cost, they share a window, and one that comes too fast is sent
/// away for as long as the window is, again for each call that comes before.
package struct ModelWorld: Sendable {
    package var name: String

    /// Each has limits, pools and a key of its own; all take the jobs that name none.
    var accounts = 1
    /// Slots of each endpoint.
    var callsInFlight = 1
    /// Accounts whose key the server refuses.
    var refusedKeys: Set<Int> = []
    /// The account that alone may ask for a product; those without one are anyone's.
    var owners: [String: Int] = [:]

    /// Images: a bucket of this many tokens, one a tick.
    var bucketTokens = 2
    /// Barcodes: a window of this many tokens in two ticks.
    var windowTokens = 2
    var windowStep = 1
    /// The day's tokens. All are there at the start.
    var poolTokens = 8
    var isOneClient = false
    /// The day's tokens that are the second endpoint's alone; nil: it has none of its own.
    var ownPoolTokens: Int?
    /// How often another client may make a call, which the windows count as one of ours.
    var rivalCalls = 0
    var batchLimit = 2
    /// The priorities of the jobs that wait at the start.
    var images = [5, 5, 5]
    var barcodes = [5, 5, 5]

    /// Ticks from the start until 00:00 UTC.
    var ticksToMidnight = 3
    /// Ticks after which the clock stands still, so that the world has an end.
    var ticks = 8
    /// How long a request may take.
    var timeoutTicks = 1

    /// Products for which the server refuses a batch with a 400.
    var poison: Set<String> = []
    /// Products that the answer has no item for.
    var absent: Set<String> = []
    /// How often the daemon may be killed.
    var kills = 0
    /// How often a reply may be lost, whether the server counted the call or not.
    var losses = 0
    /// How often the server may answer 500, not having counted the call.
    var errors = 0
    /// Whether a killed daemon lives on until its replies came, as a second daemon would next to the
    /// first: it settles calls that were settled as lost.
    var hasStragglers = false

    /// With this length, and the figures below, the milliseconds that the planner adds to be safe (one
    /// at each limit) fall into the tick. So it may call at the very tick at which the server lets
    /// it, and a rule that is early by one tick shows.
    static let tick = Duration.milliseconds(10_001)
    static let bucketTokensPerMinute = 6
    static let windowPeriod = Duration.milliseconds(2 * 10_001 - 1)
    /// 2026-05-05 00:00 UTC.
    static let midnight = Timestamp(milliseconds: 1_777_939_200_000)

    var start: Timestamp { instant(0) }

    func instant(_ tick: Int) -> Timestamp {
        Self.midnight + Self.tick * (tick - ticksToMidnight)
    }

    /// The provider's endpoints.
    var names: [String] { isOneClient ? ["lookup", "search"] : ["images", "barcodes"] }

    /// The planner's view of the world: each account's images, then its barcodes, or its lookups, then its
    /// searches.
    var endpoints: [Endpoint] { (0..<accounts).flatMap(endpoints) }

    private func endpoints(of account: Int) -> [Endpoint] {
        let name = accounts == 1 ? nil : Self.accountNames[account]
        if isOneClient { return names.map { callEndpoint($0, name) } }
        return [
            endpoint(
                names[0], name, step: 1,
                .tokenBucket(
                    TokenBucket(
                        capacityTokens: bucketTokens, tokensPerMinute: Self.bucketTokensPerMinute))),
            endpoint(
                names[1], name, step: windowStep,
                .slidingWindow(
                    SlidingWindow(capacityTokens: windowTokens, period: Self.windowPeriod))),
        ]
    }

    static let accountNames = ["first", "second"]

    private func callEndpoint(_ name: String, _ account: String?) -> Endpoint {
        var pools = [DailyPool(allowanceTokens: poolTokens)]
        if name == "search", let ownPoolTokens {
            pools.append(DailyPool(allowanceTokens: ownPoolTokens, endpoint: name))
        }
        return Endpoint(
            name: name, provider: "calls", account: account, batchLimit: 1,
            tariff: .perCall(batchLimit: 1),
            limits: [
                .slidingWindow(
                    SlidingWindow(
                        capacityTokens: windowTokens, period: Self.windowPeriod, isShared: true))
            ],
            pools: pools, linger: Self.tick, timeout: Self.tick * timeoutTicks,
            clientPolicy: ClientPolicy(
                callsInFlight: callsInFlight, isOneConnection: isOneConnection, sharesBlocks: true,
                chargesRefusals: true,
                defaultRetryAfter: Self.windowPeriod))
    }

    private func endpoint(
        _ name: String, _ account: String?, step: Int, _ limit: RateLimit
    ) -> Endpoint {
        Endpoint(
            name: name, provider: "tokens", account: account, batchLimit: batchLimit,
            tariff: Tariff(step: step, tokensPerStep: step),
            limits: [limit], pools: [DailyPool(allowanceTokens: poolTokens)], linger: Self.tick,
            timeout: Self.tick * timeoutTicks,
            clientPolicy: ClientPolicy(callsInFlight: callsInFlight))
    }

    /// Whether calls go one after another, whichever the endpoint.
    var isOneConnection: Bool { isOneClient && callsInFlight == 1 }
}
