/// Work that is there at 00:00 UTC or arrives later, in place of a seed's own.
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
    /// Products that are added later.
    package var arrivals: [Arrival] = []
    package var schedule: SimulatedSchedule?

    package struct Arrival: Equatable, Sendable {
        package var endpoint: String
        package var products: Int
        package var afterSeconds: Int64

        package init(endpoint: String, products: Int, afterSeconds: Int64) {
            self.endpoint = endpoint
            self.products = products
            self.afterSeconds = afterSeconds
        }
    }

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
