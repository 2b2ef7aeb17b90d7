/// The UPCitemdb server's limits: the figures of one of its plans, each of which can be changed, and a choice
/// for each undocumented behavior.
package struct UPCitemdbLimits: Sendable, Equatable {
    /// Whom a TOO_FAST blocks.
    package enum BlockCover: Sendable {
        /// The client, from both endpoints.
        case client
        /// The client from the endpoint that refused it.
        case endpoint
    }

    /// The day that the `X-RateLimit-*` headers of a search describe if it spends from two.
    package enum SearchHeaders: Sendable {
        /// The one that searches share with lookups.
        case sharedPool
        /// The searches' own day.
        case searches
    }

    /// Decides the paths and whether they need a key.
    package let plan: UPCitemdbPlan
    /// Calls in a day; with ``searchesSpendLookups``, of both endpoints together.
    package var dailyLookups: Int
    package var dailySearches: Int
    /// Whether a search is taken from the lookups' day too.
    package var searchesSpendLookups: Bool
    /// All of them hold at the same time.
    package var lookupBursts: [Burst]
    package var searchBursts: [Burst]
    /// The minute of the UTC day at which a day begins. The vendor does not publish it; with midnight, a
    /// client that assumes midnight would pass.
    package var resetMinute = 437
    /// Codes in one lookup. The vendor does not publish it; public clients send one.
    package var codesPerRequest = 1
    /// Whether a call answered 400, 404 or 429 still spends one of the day's, as long as there are any.
    package var chargesRefusals = false
    package var blockCovers = BlockCover.client
    package var searchHeaders = SearchHeaders.searches

    /// The plan's figures, from the vendor's plans page. Its other page says 40 searches for FREE, and
    /// none gives a burst of searches for DEV and PRO: they have FREE's.
    package init(plan: UPCitemdbPlan) {
        self.plan = plan
        searchesSpendLookups = plan == .free
        searchBursts = [Burst(calls: 2, milliseconds: 30_000)]
        switch plan {
        case .free:
            dailyLookups = 100
            dailySearches = 20
            lookupBursts = [
                Burst(calls: 6, milliseconds: 60_000), Burst(calls: 1, milliseconds: 10_000),
            ]
        case .dev:
            dailyLookups = 20_000
            dailySearches = 2_000
            lookupBursts = [Burst(calls: 15, milliseconds: 30_000)]
        case .pro:
            dailyLookups = 150_000
            dailySearches = 20_000
            lookupBursts = [Burst(calls: 12, milliseconds: 1_000)]
        }
    }

    package static let free = UPCitemdbLimits(plan: .free)
    package static let dev = UPCitemdbLimits(plan: .dev)
    package static let pro = UPCitemdbLimits(plan: .pro)
}

extension UPCitemdbLimits {
    /// Draws the behavior that the vendor does not document.
    package mutating func drawUnpublished(_ dice: inout SplitMix64) {
        chargesRefusals = dice.happens(0.5)
        blockCovers = dice.happens(0.5) ? .client : .endpoint
        searchHeaders = dice.happens(0.5) ? .sharedPool : .searches
        resetMinute = dice.pick([0, 437, 720, 1_439])
    }

    /// Takes `calls` from each burst limit and lengthens its window by three seconds: the share that another
    /// client uses.
    package mutating func narrow(by calls: Int) {
        func narrowed(_ burst: Burst) -> Burst {
            Burst(calls: max(1, burst.calls - calls), milliseconds: burst.milliseconds + 3_000)
        }
        lookupBursts = lookupBursts.map(narrowed)
        searchBursts = searchBursts.map(narrowed)
    }
}
