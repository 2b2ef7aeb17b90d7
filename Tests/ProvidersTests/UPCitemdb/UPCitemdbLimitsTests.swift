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

    private func endpoints(_ given: [String: LimitFigures.Value]) -> [Endpoint] {
        let definition = UPCitemdb.definition
        return definition.endpoints(definition.figures(given), account: "upcitemdb")
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

    @Test(
        "FREE has one pool for both, a smaller one for searches in it, and one call in ten seconds")
    func free() {
        let between = window(1, seconds: 10, isShared: true)
        let both = DailyPool(allowanceTokens: 100, floorTokens: 10)
        let lookups = [window(6, seconds: 60), afterSearches(between)]
        #expect(
            endpoints(["plan": "free"]) == [
                endpoint("lookup", lookups, [both], pauseSeconds: 60, isOneConnection: true),
                endpoint(
                    "search", [window(2, seconds: 30), between],
                    [both, DailyPool(allowanceTokens: 20, endpoint: "search", floorTokens: 2)],
                    pauseSeconds: 60,
                    isOneConnection: true),
            ])
    }

    @Test(
        "The paid plans have a pool for each endpoint, and no shared limit",
        arguments: [
            ("dev", 15, 30, 20_000, 2_000, 1), ("pro", 12, 1, 150_000, 20_000, 8),
        ])
    func paid(
        plan: String, burst: Int, seconds: Int, lookups: Int, searches: Int,
        callsInFlight: Int
    ) {
        #expect(
            endpoints(["plan": .text(plan)]) == [
                endpoint(
                    "lookup", [window(burst, seconds: seconds)],
                    [
                        DailyPool(
                            allowanceTokens: lookups, endpoint: "lookup", floorTokens: lookups / 10)
                    ], pauseSeconds: 30,
                    callsInFlight: callsInFlight),
                endpoint(
                    "search", [window(2, seconds: 30)],
                    [
                        DailyPool(
                            allowanceTokens: searches, endpoint: "search",
                            floorTokens: searches / 10)
                    ], pauseSeconds: 30,
                    callsInFlight: callsInFlight),
            ])
    }

    @Test("Every figure can be set")
    func settings() {
        let between = window(1, seconds: 50, isShared: true)
        let both = DailyPool(allowanceTokens: 7, floorTokens: 3)
        var lookup = endpoint(
            "lookup", [window(4, seconds: 40), afterSearches(between)],
            [both, DailyPool(allowanceTokens: 6, endpoint: "lookup", floorTokens: 3)],
            pauseSeconds: 50,
            callsInFlight: 4)
        lookup.batchLimit = 8
        lookup.tariff = .perCall(batchLimit: 8)
        var search = endpoint(
            "search", [window(3, seconds: 20), between],
            [both, DailyPool(allowanceTokens: 5, endpoint: "search", floorTokens: 2)],
            pauseSeconds: 50,
            callsInFlight: 4)
        (lookup.linger, lookup.timeout) = (.zero, .seconds(9))
        (search.linger, search.timeout) = (.zero, .seconds(9))
        #expect(
            endpoints([
                "plan": "dev", "callsPerDay": 7, "lookupsPerDay": 6, "searchesPerDay": 5,
                "lookupBurst": 4, "lookupBurstSeconds": 40, "searchBurst": 3,
                "searchBurstSeconds": 20, "secondsBetweenCalls": 50, "codesPerCall": 8,
                "callsInFlight": 4, "lingerMilliseconds": 0, "timeoutSeconds": 9,
                "dailyFloorPercent": 50,
            ]) == [lookup, search])
    }

    @Test("An account uses the address of its plan, and its outcomes name its own setting")
    func account() {
        let figures = UPCitemdb.definition.figures(["plan": "pro"])
        let jobs = [Job(id: 1, product: UPCitemdbFixture.code)]
        let reply = ProviderReply(status: 405, body: [])
        for (name, setting) in [(nil, "upcitemdb.url"), ("bulk", "accounts.bulk.url")] {
            let account = UPCitemdb.definition.account(name, figures: figures)
            #expect(account.name == name ?? "upcitemdb")
            #expect(account.endpoints.map(\.account) == [account.name, account.name])
            #expect(
                account.request("lookup", jobs, canaryKey).url
                    == "https://api.upcitemdb.com/prod/v1/lookup")
            #expect(
                account.outcome(reply, "lookup", [UPCitemdbFixture.code], canaryKey).outcome
                    == .misdirected(
                        status: 405,
                        message: "http_405; asked https://api.upcitemdb.com/prod/v1/lookup; "
                            + "check \(setting)"))
        }
    }

    @Test(
        "Only FREE uses the trial's address, without a key",
        arguments: [
            ("free", "https://api.upcitemdb.com/prod/trial"),
            ("dev", "https://api.upcitemdb.com/prod/v1"),
            ("pro", "https://api.upcitemdb.com/prod/v1"),
        ])
    func addresses(plan: String, baseURL: String) {
        let figures = UPCitemdb.definition.figures(["plan": .text(plan)])
        let account = UPCitemdb.definition.account(figures: figures)
        #expect(account.baseURL == baseURL)
        #expect((account.keyNeed == .required) == (plan != "free"))
    }

    @Test("FREE allows one connection, so a second call in flight is rejected with that reason")
    func oneConnection() {
        let definition = UPCitemdb.definition
        func objection(_ plan: String) -> ProviderDefinition.Objection? {
            definition.objection(
                definition.figures(["plan": .text(plan), "callsInFlight": 2]))
        }
        #expect(objection("free")?.setting == "callsInFlight")
        #expect(objection("free")?.wanted.contains("one connection") == true)
        #expect(objection("dev") == nil && objection("pro") == nil)
        #expect(definition.objection(definition.figures()) == nil)
    }
}
