import Simulation

/// Backlogs of the catalog's endpoints, by name.
extension SimulatedBacklog {
    init(
        images: Int = 0, barcodes: Int = 0, lookups: Int = 0, searches: Int = 0,
        figures: LimitProfile = .documented, plan: String = "free",
        latencyMilliseconds: ClosedRange<Int>? = nil, accounts: Int = 1
    ) {
        self.init(
            ["images": images, "barcodes": barcodes, "lookup": lookups, "search": searches]
                .filter { $0.value > 0 },
            figures: figures, plan: plan, latencyMilliseconds: latencyMilliseconds,
            accounts: accounts)
    }
}
