internal import Providers
internal import Sandbox

/// The second provider in a run: its plan for both sides, and what the vendor publishes nowhere.
struct UPCitemdbScenario: Sendable {
    var settings: Figures
    var server: UPCitemdbLimits
    /// What a rival that uses the same IP address takes.
    var rivalCallsPerMinute = 0

    init(_ plan: UPCitemdbPlan) {
        settings = UPCitemdb.definition.figures(["plan": .text(plan.rawValue)])
        server = UPCitemdbLimits(plan: plan)
    }

    /// The key that the server knows; the free plan needs none.
    var key: String { server.plan == .free ? "" : "sandbox" }

    /// - Parameter faults: A rival takes from the bursts too: they are narrower than we know.
    init(seed: UInt64, faults: Set<FaultKind>) {
        var dice = SplitMix64(seed: seed, stream: "upcitemdb")
        self.init(dice.pick([.free, .free, .dev, .pro]))
        server.chargesRefusals = dice.happens(0.5)
        server.blockCovers = dice.happens(0.5) ? .client : .endpoint
        server.searchHeaders = dice.happens(0.5) ? .sharedPool : .searches
        server.resetMinute = dice.pick([0, 437, 720, 1_439])
        if server.plan != .free && dice.happens(0.5) {
            // Days that end while work is left.
            (settings["lookupsPerDay"], settings["searchesPerDay"]) = (60, 12)
            (server.dailyLookups, server.dailySearches) = (60, 12)
        }
        guard faults.contains(.rival) else { return }
        let spared = dice.within(1...2)
        server.lookupBursts = server.lookupBursts.map { Self.narrowed($0, by: spared) }
        server.searchBursts = server.searchBursts.map { Self.narrowed($0, by: spared) }
        rivalCallsPerMinute = server.plan == .free ? 0 : dice.pick([0, 1, 10])
    }

    private static func narrowed(
        _ burst: UPCitemdbLimits.Burst, by calls: Int
    ) -> UPCitemdbLimits.Burst {
        var narrow = burst
        narrow.calls = max(1, burst.calls - calls)
        narrow.milliseconds += 3_000
        return narrow
    }
}

extension Workload {
    /// Lookups, searches of various lengths, and barcodes that lead to lookups.
    mutating func addItems(seed: UInt64, startMicroseconds: Int64, days: Int) {
        var dice = SplitMix64(seed: seed, stream: "upcitemdb workload")
        func instant() -> Int64 {
            startMicroseconds
                + (dice.happens(0.5) ? 0 : Int64(dice.below(days * 86_400_000 / 4)) * 1_000)
        }
        let most = dice.pick([10, 60, 150])
        for _ in 0..<dice.within(1...3) {
            let first = dice.below(100)
            addTexts(
                (first..<first + dice.within(1...most)).map(SampleProducts.code),
                at: UPCitemdb.lookup, priority: dice.within(0...9), atMicroseconds: instant())
        }
        for number in 0..<dice.below(5) {
            let queries = (0..<dice.within(1...5)).map {
                SampleProducts.query(
                    number * 10 + $0, matches: dice.pick([0, 7, 10, 15, 30, 45]))
            }
            addTexts(
                queries, at: UPCitemdb.search, pages: dice.within(1...4),
                priority: dice.within(1...7), atMicroseconds: instant())
        }
        guard dice.happens(0.4) else { return }
        submissions.append(
            Submission(
                atMicroseconds: instant(), endpoint: ASINScope.barcodes,
                products: take(dice.within(5...40)),
                thenLookUp: dice.happens(0.5) ? .zero : .seconds(86_400)))
    }
}
