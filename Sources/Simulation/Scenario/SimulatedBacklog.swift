package import Sandbox

/// Work that is all there at 00:00 UTC, in place of a seed's own.
package struct SimulatedBacklog: Equatable, Sendable {
    package var images: Int
    package var barcodes: Int
    package var lookups: Int
    /// Each of two pages.
    package var searches: Int
    package var figures: LimitProfile
    package var plan: UPCitemdbPlan

    package init(
        images: Int = 0, barcodes: Int = 0, lookups: Int = 0, searches: Int = 0,
        figures: LimitProfile = .documented, plan: UPCitemdbPlan = .free
    ) {
        self.images = images
        self.barcodes = barcodes
        self.lookups = lookups
        self.searches = searches
        self.figures = figures
        self.plan = plan
    }
}
