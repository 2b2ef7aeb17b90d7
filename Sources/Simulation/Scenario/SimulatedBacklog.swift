/// Work that is all there at 00:00 UTC, in place of a seed's own.
package struct SimulatedBacklog: Equatable, Sendable {
    /// The number of products by endpoint. Each search has two pages.
    package var counts: [String: Int]
    package var figures: LimitProfile
    /// The plan of the provider that has plans.
    package var plan: String
    /// How long a call takes; nil lets the seed choose.
    package var latencyMilliseconds: ClosedRange<Int>?
    /// Accounts of each provider that share the work. All have the same limits, except that the free plan
    /// allows one account: the others have the next plan.
    package var accounts: Int

    package init(
        _ counts: [String: Int], figures: LimitProfile = .documented, plan: String = "free",
        latencyMilliseconds: ClosedRange<Int>? = nil, accounts: Int = 1
    ) {
        self.counts = counts
        self.figures = figures
        self.plan = plan
        self.latencyMilliseconds = latencyMilliseconds
        self.accounts = accounts
    }
}
