internal import Planning
internal import Providers
internal import Sandbox

/// The catalog's providers in simulated runs.
extension SimulationSource {
    package static let all = [asinscope, upcitemdb]

    /// In every run, with the profile that the seed draws for both sides.
    private static let asinscope = SimulationSource(provider: { draw in
        let profile = draw.profile
        var limits = Limits()
        limits.dailyTokens = profile.dailyTokens
        limits.barcodesPerMinute = profile.barcodesPerMinute
        limits.barcodesWindowUnit = draw.countsTens ? .tens : .products
        limits.imagesBurst = profile.imagesBurst
        limits.imagesPerMinute = profile.imagesPerMinute
        limits.productsPerRequest = profile.batchLimit
        let server = ASINScopeModel(limits: limits, seed: draw.seed)
        let figures = ASINScope.definition.figures([
            "dailyTokens": .number(profile.dailyTokens),
            "barcodesPerMinute": .number(profile.barcodesPerMinute),
            "imagesBurst": .number(profile.imagesBurst),
            "imagesPerMinute": .number(profile.imagesPerMinute),
            "batchLimit": .number(profile.batchLimit),
        ])
        return SimulatedProvider(
            account: ASINScope.definition.account(figures: figures, baseURL: server.root),
            server: server, latencyStream: "latency of calls",
            bound: LowerBound(
                endpoints: [
                    .perProduct(
                        [
                            .bucket(
                                burst: profile.imagesBurst, perMinute: profile.imagesPerMinute)
                        ], tariffStep: 1),
                    .perProduct(
                        [
                            .window(
                                capacity: profile.barcodesPerMinute, periodMilliseconds: 60_000)
                        ], tariffStep: 10),
                ], dailyTokens: profile.dailyTokens),
            door: SimulatedProvider.Door(
                productsPerMinute: [
                    profile.imagesBurst + profile.imagesPerMinute, profile.barcodesPerMinute,
                ], tokensPerDay: profile.dailyTokens))
    })

    /// In every other seed's run.
    private static let upcitemdb = SimulationSource(
        provider: { draw in
            if let backlog = draw.backlog {
                let isMeant = UPCitemdb.definition.endpoints.contains {
                    backlog.counts[$0.name, default: 0] > 0
                }
                let plan = UPCitemdbPlan(rawValue: backlog.plan)!
                return isMeant ? Self.upcitemdb(UPCitemdbLimits(plan: plan), [:], draw.seed) : nil
            }
            return draw.seed % 2 == 0 ? Self.drawn(draw) : nil
        }, addWork: addItems, backlogTexts: backlogItems)

    /// Draws the plan, the behavior that the vendor does not document, and the share of a rival at the same IP address.
    private static func drawn(_ draw: SimulationDraw) -> SimulatedProvider {
        var dice = SplitMix64(seed: draw.seed, stream: "upcitemdb")
        var limits = UPCitemdbLimits(plan: dice.pick([.free, .free, .dev, .pro]))
        limits.drawUnpublished(&dice)
        var figures: [String: Figures.Value] = [:]
        if limits.plan != .free && dice.happens(0.5) {
            // Days that end before the work is done.
            (limits.dailyLookups, limits.dailySearches) = (60, 12)
            figures = ["lookupsPerDay": 60, "searchesPerDay": 12]
        }
        guard draw.faults.contains(.rival) else { return upcitemdb(limits, figures, draw.seed) }
        limits.narrow(by: dice.within(1...2))
        let rival = limits.plan == .free ? 0 : dice.pick([0, 1, 10])
        return upcitemdb(limits, figures, draw.seed, rival: rival, isNarrowed: true)
    }

    private static func upcitemdb(
        _ limits: UPCitemdbLimits, _ figures: [String: Figures.Value], _ seed: UInt64,
        rival: Int = 0, isNarrowed: Bool = false
    ) -> SimulatedProvider {
        let server = UPCitemdbModel(limits: limits, seed: seed)
        let figures = UPCitemdb.definition.figures(
            figures.merging(["plan": .text(limits.plan.rawValue)]) { $1 })
        return SimulatedProvider(
            account: UPCitemdb.definition.account(figures: figures, baseURL: server.root),
            server: server, latencyStream: "latency of lookups and searches",
            bound: bound(limits), dayBeginsMilliseconds: Int64(limits.resetMinute) * 60_000,
            rivalTokensPerMinute: rival, isNarrowed: isNarrowed)
    }

    private static func bound(_ limits: UPCitemdbLimits) -> LowerBound {
        func windows(_ bursts: [Burst]) -> [BoundedEndpoint.Limit] {
            bursts.map { .window(capacity: $0.calls, periodMilliseconds: $0.milliseconds) }
        }
        let sharesPool = limits.searchesSpendLookups
        return LowerBound(
            endpoints: [
                .perCall(
                    windows(limits.lookupBursts), batchLimit: 1,
                    dailyTokens: sharesPool ? nil : limits.dailyLookups),
                .perCall(
                    windows(limits.searchBursts), batchLimit: 1, dailyTokens: limits.dailySearches),
            ],
            sharedLimits: limits.plan == .free
                ? [.window(capacity: 1, periodMilliseconds: 10_000)] : [],
            dailyTokens: sharesPool ? limits.dailyLookups : nil)
    }

    /// Codes, or queries with 25 matches.
    @Sendable private static func backlogItems(
        _ endpoint: EndpointDefinition, _ count: Int
    ) -> Texts? {
        endpoint.form == .code
            ? ((0..<count).map(SampleProducts.code), pages: 1)
            : ((0..<count).map { SampleProducts.query($0, matches: 25) }, pages: 2)
    }

    /// Lookups, searches of various lengths, and barcodes that lead to lookups.
    @Sendable private static func addItems(_ draw: SimulationDraw, _ workload: inout Workload) {
        var dice = SplitMix64(seed: draw.seed, stream: "upcitemdb workload")
        func instant() -> Int64 {
            draw.startMicroseconds
                + (dice.happens(0.5) ? 0 : Int64(dice.below(draw.days * 86_400_000 / 4)) * 1_000)
        }
        let most = dice.pick([10, 60, 150])
        for _ in 0..<dice.within(1...3) {
            let first = dice.below(100)
            workload.addTexts(
                (first..<first + dice.within(1...most)).map(SampleProducts.code),
                at: UPCitemdb.lookup, priority: dice.within(0...9), atMicroseconds: instant())
        }
        for number in 0..<dice.below(5) {
            let queries = (0..<dice.within(1...5)).map {
                SampleProducts.query(
                    number * 10 + $0, matches: dice.pick([0, 7, 10, 15, 30, 45]))
            }
            workload.addTexts(
                queries, at: UPCitemdb.search, pages: dice.within(1...4),
                priority: dice.within(1...7), atMicroseconds: instant())
        }
        guard dice.happens(0.4) else { return }
        workload.submissions.append(
            Submission(
                atMicroseconds: instant(), endpoint: ASINScope.barcodes,
                products: workload.take(dice.within(5...40)),
                thenLookUp: dice.happens(0.5) ? .zero : .seconds(86_400)))
    }
}
