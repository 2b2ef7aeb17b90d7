/// The ASINScope server as its page describes it: keys, limits, prices and replies, without a clock or a
/// socket. Two models with the same settings and seed answer the same requests with the same bytes.
///
/// Its limiters differ from the client's in design: a list that is summed, a bucket that is filled and a
/// counter that is reset.
package struct ASINScopeModel: Sendable {
    /// Totals of the calls so far.
    package internal(set) var counts = Counts()
    /// May be changed between calls; setting it makes a `huge` body due again.
    package var faults: Faults {
        get { inForce.faults }
        set { inForce.faults = newValue }
    }

    let limits: Limits
    let account: ModeledAccount
    var pool: ModeledDailyPool
    var barcodesMinute = TrailingWindow.minute
    var imagesBucket: ImagesBucket
    /// The charges, kept apart from the limiters for `Counts.Endpoint.mostInAMinute`.
    var charges: [SandboxEndpoint: TrailingWindow] = [:]
    /// When each endpoint's block ends.
    var awayUntilMilliseconds: [SandboxEndpoint: Int64] = [:]
    private var inForce: FaultsInForce
    private var latestMilliseconds: Int64 = 0

    package init(
        limits: Limits = Limits(),
        account: ModeledAccount = ModeledAccount(),
        faults: Faults = Faults(),
        seed: UInt64 = 0
    ) {
        self.limits = limits
        self.account = account
        pool = ModeledDailyPool(allowance: limits.dailyTokens)
        imagesBucket = ImagesBucket(burst: limits.imagesBurst, perMinute: limits.imagesPerMinute)
        inForce = FaultsInForce(faults, seed: seed)
    }

    /// The rest of the day's tokens at `now`, before another client's spending.
    package func tokensLeft(atMilliseconds now: Int64) -> Int {
        now < pool.resetMilliseconds ? pool.left : limits.dailyTokens
    }

    /// When the block of the endpoint at `path` ends, in milliseconds since 1970; nil if it was never
    /// blocked.
    package func awayUntil(path: String) -> Int64? {
        SandboxEndpoint(rawValue: path).flatMap { awayUntilMilliseconds[$0] }
    }

    /// Answers one request at `now`, in milliseconds since 1970 UTC. The server's time never runs
    /// backwards: a `now` before an earlier one counts as that one.
    package mutating func handle(
        _ request: SandboxRequest, atMilliseconds now: Int64
    ) -> SandboxReply {
        let now = max(now, latestMilliseconds)
        latestMilliseconds = now
        counts.rivalTokens += pool.advance(
            toMilliseconds: now, dayMinutes: faults.dayMinutes,
            rivalTokensPerMinute: faults.rivalTokensPerMinute)
        let chance = inForce.roll()
        var reply: SandboxReply
        if let endpoint = SandboxEndpoint(rawValue: request.path), request.method == "POST" {
            reply = answer(request, at: endpoint, chance, atMilliseconds: now)
            counts[endpoint].calls += 1
            counts[endpoint].statuses[reply.status, default: 0] += 1
        } else {
            reply = Refusal.notFound(method: request.method, path: request.path).reply
            counts.notFound += 1
        }
        reply.headers["Date"] = ModeledHTTPDate.text(atMilliseconds: now)
        reply.latencyMilliseconds = chance.latencyMilliseconds
        return reply
    }

    private mutating func answer(
        _ request: SandboxRequest, at endpoint: SandboxEndpoint, _ chance: FaultDice.Throw,
        atMilliseconds now: Int64
    ) -> SandboxReply {
        if now < awayUntilMilliseconds[endpoint] ?? now { counts[endpoint].early += 1 }
        if chance.html { return .proxyPage(status: 200, title: "Please wait") }
        if chance.errors {
            return chance.errorIsPage
                ? .proxyPage(status: 502, title: "502 Bad Gateway") : Refusal.serverError.reply
        }
        do throws(Refusal) {
            let asins = try admit(request, at: endpoint, atMilliseconds: now)
            charge(endpoint, products: asins.count, atMilliseconds: now)
            let whole = success(endpoint, asins, chance)
            let reply = inForce.deliver(whole, chance)
            if reply != whole { counts[endpoint].spoiledReplies += 1 }
            return reply
        } catch {
            note(error, at: endpoint)
            return error.reply
        }
    }
}

extension ASINScopeModel: SandboxModel {
    package var pathPrefix: String { "/circana/" }
    package var root: String { "/circana" }
    package var key: String { account.keys.min() ?? "" }
    package var tokensCharged: Int { counts.tokensCharged }

    package func dayTokensLeft(atMilliseconds now: Int64) -> Int? {
        tokensLeft(atMilliseconds: now)
    }

    package var rejection: SandboxReply {
        Refusal(
            status: 400, error: "Bad Request", message: .text("Service is being upgraded")
        ).reply
    }

    package func products(in request: SandboxRequest) -> [String] {
        (try? Question(request))?.asins ?? []
    }

    package func encodeCounts(to encoder: any Encoder) throws {
        try counts.encode(to: encoder)
    }
}
