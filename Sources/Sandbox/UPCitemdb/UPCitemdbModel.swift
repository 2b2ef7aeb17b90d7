/// The UPCitemdb server as its pages describe it: plans, bursts, days and replies, without a clock or a
/// socket. Two models with the same settings and seed answer the same requests with the same bytes.
///
/// Its limiters differ from the client's in design: lists of the admitted calls, and counters that are reset.
package struct UPCitemdbModel: Sendable {
    /// Totals of the calls so far.
    package internal(set) var counts = UPCitemdbCounts()
    /// May be changed between calls; setting it makes a `huge` body due again.
    package var faults: Faults {
        get { inForce.faults }
        set { inForce.faults = newValue }
    }

    let limits: UPCitemdbLimits
    /// The keys that a paid plan accepts.
    let keys: Set<String>
    var days: UPCitemdbDays
    var bursts: [UPCitemdbEndpoint: BurstWindows]
    var blocks: [UPCitemdbEndpoint: BurstBlock] = [:]
    /// When each endpoint's block ends.
    var awayUntilMilliseconds: [UPCitemdbEndpoint: Int64] = [:]
    private var inForce: FaultsInForce
    private var latestMilliseconds: Int64 = 0

    package init(
        limits: UPCitemdbLimits = .free,
        keys: Set<String> = ["sandbox"],
        faults: Faults = Faults(),
        seed: UInt64 = 0
    ) {
        self.limits = limits
        self.keys = keys
        days = UPCitemdbDays(limits)
        bursts = [
            .lookup: BurstWindows(limits.lookupBursts), .search: BurstWindows(limits.searchBursts),
        ]
        inForce = FaultsInForce(faults, seed: seed)
    }

    /// The rest of the endpoint's own day at `now`, before another client's spending.
    package func tokensLeft(_ endpoint: UPCitemdbEndpoint, atMilliseconds now: Int64) -> Int {
        let pool = days[endpoint]
        return now < pool.resetMilliseconds ? pool.left : pool.allowance
    }

    /// When the block of the endpoint at `path` ends, in milliseconds since 1970; nil if it was never
    /// blocked.
    package func awayUntil(path: String) -> Int64? {
        limits.plan.endpoint(path: path).flatMap { awayUntilMilliseconds[$0] }
    }

    /// Answers one request at `now`, in milliseconds since 1970 UTC. The server's time never runs
    /// backwards: a `now` before an earlier one counts as that one.
    package mutating func handle(
        _ request: SandboxRequest, atMilliseconds now: Int64
    ) -> SandboxReply {
        let now = max(now, latestMilliseconds)
        latestMilliseconds = now
        let taken = days.advance(
            toMilliseconds: now, dayMinutes: faults.dayMinutes,
            rivalTokensPerMinute: faults.rivalTokensPerMinute)
        for (endpoint, tokens) in taken { counts[endpoint].rivalTokens += tokens }
        let chance = inForce.roll()
        var reply: SandboxReply
        if let endpoint = limits.plan.endpoint(path: request.path), request.method == "POST" {
            reply = answer(request, at: endpoint, chance, atMilliseconds: now)
            counts[endpoint].calls += 1
            counts[endpoint].statuses[reply.status, default: 0] += 1
        } else {
            reply = .proxyPage(status: 404, title: "404 Not Found")
            reply.headers.merge(dayHeaders(of: .lookup)) { $1 }
            counts.wrongPaths += 1
        }
        reply.headers["Date"] = ModeledHTTPDate.text(atMilliseconds: now)
        reply.latencyMilliseconds = chance.latencyMilliseconds
        return reply
    }

    private mutating func answer(
        _ request: SandboxRequest, at endpoint: UPCitemdbEndpoint, _ chance: FaultDice.Throw,
        atMilliseconds now: Int64
    ) -> SandboxReply {
        if now < awayUntilMilliseconds[endpoint] ?? now { counts[endpoint].early += 1 }
        if var reply = unseen(chance) {
            reply.headers.merge(dayHeaders(of: endpoint)) { $1 }
            return reply
        }
        do throws(UPCitemdbRefusal) {
            let found = try admit(request, at: endpoint, atMilliseconds: now)
            charge(endpoint, products: found.products)
            var whole = found.reply
            whole.headers.merge(dayHeaders(of: endpoint, chance.balanceErrorTokens)) { $1 }
            let reply = inForce.deliver(whole, chance)
            if reply != whole { counts[endpoint].spoiledReplies += 1 }
            return reply
        } catch {
            note(error, at: endpoint)
            var reply = error.reply
            reply.headers.merge(headers(of: error, at: endpoint, atMilliseconds: now)) { $1 }
            return reply
        }
    }

    /// A fault's reply before the server reads the request.
    private func unseen(_ chance: FaultDice.Throw) -> SandboxReply? {
        if chance.html { return .proxyPage(status: 200, title: "Please wait") }
        if chance.errors {
            return chance.errorIsPage
                ? .proxyPage(status: 502, title: "502 Bad Gateway")
                : UPCitemdbRefusal.serverError.reply
        }
        return chance.busy ? UPCitemdbRefusal.busy.reply : nil
    }
}

extension UPCitemdbModel: SandboxModel {
    package var pathPrefix: String { "/prod/" }
    package var root: String { limits.plan.root }
    package var key: String { limits.plan.needsKey ? keys.min() ?? "" : "" }
    package var tokensCharged: Int { counts.tokensCharged }

    package var rejection: SandboxReply {
        UPCitemdbRefusal.invalidQuery("Service is being upgraded").reply
    }

    package func products(in request: SandboxRequest) -> [String] {
        guard let question = try? UPCitemdbQuestion(request) else { return [] }
        return question.upc?.split(separator: ",").map(String.init)
            ?? [question.s].compactMap(\.self)
    }

    package func encodeCounts(to encoder: any Encoder) throws {
        try counts.encode(to: encoder)
    }
}
