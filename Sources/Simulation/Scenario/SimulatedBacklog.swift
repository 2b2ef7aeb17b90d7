/// Work that is all there at 00:00 UTC, in place of a seed's own.
package struct SimulatedBacklog: Equatable, Sendable {
    /// Products by endpoint. Where answers have pages, each has two.
    package var counts: [String: Int]
    package var figures: LimitProfile
    /// Of a provider that has plans.
    package var plan: String

    package init(
        _ counts: [String: Int], figures: LimitProfile = .documented, plan: String = "free"
    ) {
        self.counts = counts
        self.figures = figures
        self.plan = plan
    }
}
