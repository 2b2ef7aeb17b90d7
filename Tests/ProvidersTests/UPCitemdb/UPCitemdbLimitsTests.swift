import Planning
import Providers
import Testing

@Suite("UPCitemdb's limits")
struct UPCitemdbLimitsTests {
    private func window(_ calls: Int, seconds: Int, isShared: Bool = false) -> RateLimit {
        .slidingWindow(
            SlidingWindow(capacityTokens: calls, period: .seconds(seconds), isShared: isShared))
    }

    /// Lookups wait 50 ms longer, so that the slower searches go first.
    private func afterSearches(_ limit: RateLimit) -> RateLimit {
        guard case .slidingWindow(var window) = limit else { return limit }
        window.period += .milliseconds(50)
        return .slidingWindow(window)
    }

    private func endpoint(
        _ name: String, _ limits: [RateLimit], _ pools: [DailyPool], pauseSeconds: Int,
        callsInFlight: Int = 1, isOneConnection: Bool = false
    ) -> Endpoint {
        Endpoint(
            name: name, provider: "upcitemdb", batchLimit: 1, tariff: .perCall(batchLimit: 1),
            limits: limits, pools: pools, linger: .seconds(2), timeout: .seconds(30),
            clientPolicy: ClientPolicy(
                callsInFlight: callsInFlight, isOneConnection: isOneConnection, sharesBlocks: true,
                chargesRefusals: true, defaultRetryAfter: .seconds(pauseSeconds)),
            hasPages: name == "search")
    }

    @Test("FREE has one pool for both, a smaller one for searches in it, and a call in ten seconds")
    func free() {
        let between = window(1, seconds: 10, isShared: true)
        let both = DailyPool(allowanceTokens: 100)
        let lookups = [window(6, seconds: 60), afterSearches(between)]
        #expect(
            UPCitemdbLimits(plan: .free).endpoints == [
                endpoint("lookup", lookups, [both], pauseSeconds: 60, isOneConnection: true),
                endpoint(
                    "search", [window(2, seconds: 30), between],
                    [both, DailyPool(allowanceTokens: 20, endpoint: "search")], pauseSeconds: 60,
                    isOneConnection: true),
            ])
    }

    @Test(
        "The paid plans have a pool for each endpoint, and nothing that both count for",
        arguments: [
            (UPCitemdbPlan.dev, 15, 30, 20_000, 2_000, 1), (.pro, 12, 1, 150_000, 20_000, 8),
        ])
    func paid(
        plan: UPCitemdbPlan, burst: Int, seconds: Int, lookups: Int, searches: Int,
        callsInFlight: Int
    ) {
        #expect(
            UPCitemdbLimits(plan: plan).endpoints == [
                endpoint(
                    "lookup", [window(burst, seconds: seconds)],
                    [DailyPool(allowanceTokens: lookups, endpoint: "lookup")], pauseSeconds: 30,
                    callsInFlight: callsInFlight),
                endpoint(
                    "search", [window(2, seconds: 30)],
                    [DailyPool(allowanceTokens: searches, endpoint: "search")], pauseSeconds: 30,
                    callsInFlight: callsInFlight),
            ])
    }

    @Test("Every figure can be set")
    func settings() {
        var limits = UPCitemdbLimits(plan: .dev)
        limits.callsPerDay = 7
        limits.lookupsPerDay = 6
        limits.searchesPerDay = 5
        limits.lookupBurst = 4
        limits.lookupBurstSeconds = 40
        limits.searchBurst = 3
        limits.searchBurstSeconds = 20
        limits.secondsBetweenCalls = 50
        limits.codesPerCall = 8
        limits.linger = .zero
        limits.timeout = .seconds(9)
        let between = window(1, seconds: 50, isShared: true)
        let both = DailyPool(allowanceTokens: 7)
        var lookup = endpoint(
            "lookup", [window(4, seconds: 40), afterSearches(between)],
            [both, DailyPool(allowanceTokens: 6, endpoint: "lookup")], pauseSeconds: 50)
        lookup.batchLimit = 8
        lookup.tariff = .perCall(batchLimit: 8)
        var search = endpoint(
            "search", [window(3, seconds: 20), between],
            [both, DailyPool(allowanceTokens: 5, endpoint: "search")], pauseSeconds: 50)
        (lookup.linger, lookup.timeout) = (.zero, .seconds(9))
        (search.linger, search.timeout) = (.zero, .seconds(9))
        #expect(limits.endpoints == [lookup, search])
    }

    @Test("A provider has its plan's endpoints and asks at the address it is given")
    func provider() {
        let limits = UPCitemdbLimits(plan: .pro)
        let provider = Provider.upcitemdb(limits, baseURL: UPCitemdbPlan.pro.baseURL)
        #expect(provider.name == "upcitemdb")
        #expect(provider.endpoints == limits.endpoints)
        let jobs = [Job(id: 1, product: UPCitemdbFixture.code)]
        #expect(
            provider.request("lookup", jobs, canaryKey).url
                == "https://api.upcitemdb.com/prod/v1/lookup")
        let reply = ProviderReply(status: 405, body: [])
        #expect(
            provider.outcome(reply, "lookup", [UPCitemdbFixture.code], canaryKey).outcome
                == .misdirected(
                    status: 405,
                    message: "http_405; asked https://api.upcitemdb.com/prod/v1/lookup; "
                        + "check upcitemdb.url"))
    }

    @Test(
        "Only FREE is served at the trial's address",
        arguments: [
            (UPCitemdbPlan.free, "https://api.upcitemdb.com/prod/trial"),
            (.dev, "https://api.upcitemdb.com/prod/v1"),
            (.pro, "https://api.upcitemdb.com/prod/v1"),
        ])
    func addresses(plan: UPCitemdbPlan, baseURL: String) {
        #expect(plan.baseURL == baseURL)
    }
}
