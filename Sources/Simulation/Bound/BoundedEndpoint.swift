/// An endpoint's own limits, pool and tariff as plain numbers, written apart from the planner's types
/// so that the two can't share a mistake.
package struct BoundedEndpoint: Hashable, Sendable {
    /// What lets so many units pass: products, or, where the provider counts them, calls.
    package enum Limit: Hashable, Sendable {
        /// So many at once, and so many more with each minute.
        case bucket(burst: Int, perMinute: Int)
        /// So many in any trailing period.
        case window(capacity: Int, periodMilliseconds: Int64)

        /// The most units that pass from one instant to another so much later, both included.
        ///
        /// A bucket gives what it held at first, at most its burst, and what flows in. A window: of
        /// any instants less than a period apart it lets pass its capacity, and a span is made of
        /// `floor(span / period) + 1` stretches whose first and last instants are that near.
        func most(inMilliseconds span: Int64) -> Int {
            switch self {
            case .bucket(let burst, let perMinute): burst + Int(span * Int64(perMinute) / 60_000)
            case .window(let capacity, let period): capacity * Int(span / period + 1)
            }
        }
    }

    /// Each lets no more than its units pass. A provider whose page counts products, but whose server
    /// counts a call as its tokens, lets no more through, because a product costs at least one.
    package let limits: [Limit]
    /// Products that one unit of the limits lets pass at most.
    package let productsPerUnit: Int
    /// The products of a call are rounded up to a multiple of this, and each step costs so many tokens.
    package let tariffStep: Int
    package let tokensPerStep: Int
    /// A day's tokens that are this endpoint's alone; nil where it has none but the shared ones.
    package let dailyTokens: Int?

    private init(
        limits: [Limit], productsPerUnit: Int, tariffStep: Int, tokensPerStep: Int,
        dailyTokens: Int?
    ) {
        precondition(productsPerUnit >= 1 && tariffStep >= 1 && tokensPerStep >= 1)
        self.limits = limits
        self.productsPerUnit = productsPerUnit
        self.tariffStep = tariffStep
        self.tokensPerStep = tokensPerStep
        self.dailyTokens = dailyTokens
    }

    /// One token a product, rounded up to steps.
    package static func perProduct(
        _ limits: [Limit], tariffStep: Int, dailyTokens: Int? = nil
    ) -> BoundedEndpoint {
        BoundedEndpoint(
            limits: limits, productsPerUnit: 1, tariffStep: tariffStep, tokensPerStep: tariffStep,
            dailyTokens: dailyTokens)
    }

    /// One token a call, which is what the limits count as well.
    package static func perCall(
        _ limits: [Limit], batchLimit: Int, dailyTokens: Int? = nil
    ) -> BoundedEndpoint {
        BoundedEndpoint(
            limits: limits, productsPerUnit: batchLimit, tariffStep: batchLimit, tokensPerStep: 1,
            dailyTokens: dailyTokens)
    }

    /// The most products that its own limits let pass; nil where it has none.
    func mostProducts(inMilliseconds span: Int64) -> Int? {
        limits.map { productsPerUnit * $0.most(inMilliseconds: span) }.min()
    }

    /// The least units that so many products can take, in one call or in many.
    func leastUnits(products: Int) -> Int { (products + productsPerUnit - 1) / productsPerUnit }

    /// The least tokens that so many products can cost, in one call or in many.
    func leastTokens(products: Int) -> Int {
        (products + tariffStep - 1) / tariffStep * tokensPerStep
    }
}
