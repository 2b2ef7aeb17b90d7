internal import Sandbox

/// A schedule of a run: products of one endpoint that no other job asks for, looked up at an interval until
/// the faults end.
package struct SimulatedSchedule: Equatable, Sendable {
    /// One whose products are ASINs.
    package var endpoint: String
    package var products: Int
    package var every: Duration

    package init(endpoint: String, products: Int, every: Duration) {
        self.endpoint = endpoint
        self.products = products
        self.every = every
    }

    package static let label = "standing"

    package var asins: [String] {
        (15_000_000..<15_000_000 + products).map(SampleProducts.asin)
    }

    /// A seed has one or not, by dice of its own, so that the others stay as they were.
    static func drawn(
        seed: UInt64, endpoints: [String], figures: LimitProfile
    ) -> SimulatedSchedule? {
        var dice = SplitMix64(seed: seed, stream: "schedule")
        guard dice.happens(0.15) else { return nil }
        return SimulatedSchedule(
            endpoint: dice.pick(endpoints),
            products: dice.within(1...min(1_000, figures.dailyTokens / 4)),
            every: .seconds(dice.pick([1, 5, 20]) * 3_600))
    }
}
