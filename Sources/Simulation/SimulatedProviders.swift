internal import Planning
internal import Providers
internal import Sandbox

/// The catalog's providers in simulated runs.
extension SimulationSource {
    package static let all = [asinscope, upcitemdb]

    /// In every run, with the profile that the seed draws for both sides.
    private static let asinscope = SimulationSource(accounts: { draw in
        var dice = SplitMix64(seed: draw.seed, stream: "accounts of asinscope")
        let others = (1..<draw.accounts).map { number in
            let isMeant = draw.backlog != nil
            return asinscope(
                isMeant ? draw.profile : dice.pick(LimitProfile.all), draw, number: number,
                callsInFlight: isMeant ? 1 : dice.pick([1, 1, 3]),
                isShared: isMeant || !dice.happens(0.2))
        }
        return [asinscope(draw.profile, draw)] + others
    })

    private static func asinscope(
        _ profile: LimitProfile, _ draw: SimulationDraw, number: Int = 0, callsInFlight: Int = 1,
        isShared: Bool = true
    ) -> SimulatedAccount {
        var limits = Limits()
        limits.dailyTokens = profile.dailyTokens
        limits.barcodesPerMinute = profile.barcodesPerMinute
        limits.barcodesWindowUnit = draw.countsTens ? .tens : .products
        limits.imagesBurst = profile.imagesBurst
        limits.imagesPerMinute = profile.imagesPerMinute
        limits.productsPerRequest = profile.batchLimit
        let server = ASINScopeModel(limits: limits, seed: draw.seed + UInt64(number))
        let figures = ASINScope.definition.figures([
            "dailyTokens": .number(profile.dailyTokens),
            "barcodesPerMinute": .number(profile.barcodesPerMinute),
            "imagesBurst": .number(profile.imagesBurst),
            "imagesPerMinute": .number(profile.imagesPerMinute),
            "batchLimit": .number(profile.batchLimit),
            "callsInFlight": .number(callsInFlight),
        ])
        return SimulatedAccount(
            account: ASINScope.definition.account(
                name(number, of: ASINScope.definition), isShared: isShared, figures: figures,
                baseURL: server.root),
            server: server, latencyStream: "latency of calls" + suffix(number),
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
            door: SimulatedAccount.Door(
                productsPerMinute: [
                    profile.imagesBurst + profile.imagesPerMinute, profile.barcodesPerMinute,
                ], tokensPerDay: profile.dailyTokens))
    }

    /// In every other seed's run.
    private static let upcitemdb = SimulationSource(
        accounts: { draw in
            if let backlog = draw.backlog {
                let isMeant = UPCitemdb.definition.endpoints.contains {
                    backlog.counts[$0.name, default: 0] > 0
                }
                guard isMeant else { return [] }
                let plan = UPCitemdbPlan(rawValue: backlog.plan)!
                return (0..<draw.accounts).map { number in
                    let limits = UPCitemdbLimits(
                        plan: number > 0 && plan == .free ? .dev : plan)
                    return Self.upcitemdb(limits, [:], draw.seed, number: number)
                }
            }
            guard draw.seed % 2 == 0 else { return [] }
            let (first, limits) = Self.drawn(draw)
            return [first]
                + (1..<draw.accounts).map { Self.paid(draw, number: $0, besides: limits) }
        }, addWork: addItems, backlogTexts: backlogItems)

    /// Another account next to one with `limits`, at the same vendor: its day begins with the other's.
    private static func paid(
        _ draw: SimulationDraw, number: Int, besides limits: UPCitemdbLimits
    ) -> SimulatedAccount {
        var dice = SplitMix64(seed: draw.seed, stream: "upcitemdb" + suffix(number))
        var own = UPCitemdbLimits(plan: dice.pick([.dev, .pro]))
        own.drawUnpublished(&dice)
        own.resetMinute = limits.resetMinute
        return upcitemdb(own, [:], draw.seed, number: number, isShared: !dice.happens(0.2))
    }

    /// Draws the plan, the behavior that the vendor does not document, and the share of a rival at the same IP address.
    private static func drawn(
        _ draw: SimulationDraw
    ) -> (account: SimulatedAccount, limits: UPCitemdbLimits) {
        var dice = SplitMix64(seed: draw.seed, stream: "upcitemdb")
        var limits = UPCitemdbLimits(plan: dice.pick([.free, .free, .dev, .pro]))
        limits.drawUnpublished(&dice)
        var figures: [String: LimitFigures.Value] = [:]
        if limits.plan != .free && dice.happens(0.5) {
            // Days that end before the work is done.
            (limits.dailyLookups, limits.dailySearches) = (60, 12)
            figures = ["lookupsPerDay": 60, "searchesPerDay": 12]
        }
        guard draw.faults.contains(.rival) else {
            return (upcitemdb(limits, figures, draw.seed), limits)
        }
        limits.narrow(by: dice.within(1...2))
        let rival = limits.plan == .free ? 0 : dice.pick([0, 1, 10])
        return (upcitemdb(limits, figures, draw.seed, rival: rival, isNarrowed: true), limits)
    }

    private static func upcitemdb(
        _ limits: UPCitemdbLimits, _ figures: [String: LimitFigures.Value], _ seed: UInt64,
        rival: Int = 0, isNarrowed: Bool = false, number: Int = 0, isShared: Bool = true
    ) -> SimulatedAccount {
        let server = UPCitemdbModel(limits: limits, seed: seed + UInt64(number))
        let figures = UPCitemdb.definition.figures(
            figures.merging(["plan": .text(limits.plan.rawValue)]) { $1 })
        return SimulatedAccount(
            account: UPCitemdb.definition.account(
                name(number, of: UPCitemdb.definition), isShared: isShared, figures: figures,
                baseURL: server.root),
            server: server, latencyStream: "latency of lookups and searches" + suffix(number),
            bound: bound(limits), dayBeginsMilliseconds: Int64(limits.resetMinute) * 60_000,
            rivalTokensPerMinute: rival, isNarrowed: isNarrowed)
    }

    /// nil for the first account, which bears the provider's name.
    private static func name(_ number: Int, of provider: ProviderDefinition) -> String? {
        number == 0 ? nil : provider.name + suffix(number)
    }

    private static func suffix(_ number: Int) -> String { number == 0 ? "" : "-\(number + 1)" }

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
                thenLookup: dice.happens(0.5) ? .zero : .seconds(86_400)))
    }
}
