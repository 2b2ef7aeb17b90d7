/// An endpoint's own limit and its tariff as plain numbers, written apart from the planner's types so
/// that the two can't share a mistake.
package struct BoundedEndpoint: Hashable, Sendable {
    package enum Limit: Hashable, Sendable {
        /// So many at once, and so many more with each minute.
        case bucket(burst: Int, perMinute: Int)
        /// So many in any trailing period.
        case window(capacity: Int, periodMilliseconds: Int64)
    }

    /// Counted in products, which is what the provider's page says of both. A server that counts a
    /// call as its tokens lets no more through, because a product costs at least one.
    package var limit: Limit
    /// The tokens of a call are its products rounded up to a multiple of this.
    package var tariffStep: Int

    package init(_ limit: Limit, tariffStep: Int) {
        precondition(tariffStep >= 1)
        self.limit = limit
        self.tariffStep = tariffStep
    }

    /// The most products that the limit lets pass from one instant to another so much later, both
    /// included.
    ///
    /// A bucket gives what it held at first, at most its burst, and what flows in. A window: of any
    /// instants less than a period apart it lets pass its capacity, and a span is made of
    /// `floor(span / period) + 1` stretches whose first and last instants are that near.
    func mostProducts(inMilliseconds span: Int64) -> Int {
        switch limit {
        case .bucket(let burst, let perMinute): burst + Int(span * Int64(perMinute) / 60_000)
        case .window(let capacity, let period): capacity * Int(span / period + 1)
        }
    }

    /// The least tokens that so many products can cost, in one call or in many.
    func leastTokens(products: Int) -> Int {
        (products + tariffStep - 1) / tariffStep * tariffStep
    }
}
