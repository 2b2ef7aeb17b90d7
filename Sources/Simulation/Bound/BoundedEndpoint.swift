/// An endpoint's own limits, pool and tariff as plain numbers, written independently of the planner's types
/// so that the two cannot share a mistake.
package struct BoundedEndpoint: Hashable, Sendable {
    /// A limit that admits units: products or, if the provider counts them, calls.
    package enum Limit: Hashable, Sendable {
        /// N at once, and M more with each minute.
        case bucket(burst: Int, perMinute: Int)
        /// N in any trailing period.
        case window(capacity: Int, periodMilliseconds: Int64)

        /// The most units that can be admitted from one instant to another that much later, both included.
        ///
        /// A bucket admits its content at the start, at most its burst, and its refill. A window admits its
        /// capacity in any instants less than a period apart, and a span consists of `floor(span / period) +
        /// 1` stretches whose first and last instants are that close.
        func most(inMilliseconds span: Int64) -> Int {
            switch self {
            case .bucket(let burst, let perMinute): burst + Int(span * Int64(perMinute) / 60_000)
            case .window(let capacity, let period): capacity * Int(span / period + 1)
            }
        }
    }

    /// Each admits no more than its units. A provider whose page counts products, but whose server counts a
    /// call's tokens, admits no more, because a product costs at least one token.
    package let limits: [Limit]
    /// The most products that one unit of the limits admits.
    package let productsPerUnit: Int
    /// The products of a call are rounded up to a multiple of this, and each step costs this many tokens.
    package let tariffStep: Int
    package let tokensPerStep: Int
    /// A day's tokens for this endpoint alone; nil if it has only the shared ones.
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

    /// One token a call, which is also the unit of the limits.
    package static func perCall(
        _ limits: [Limit], batchLimit: Int, dailyTokens: Int? = nil
    ) -> BoundedEndpoint {
        BoundedEndpoint(
            limits: limits, productsPerUnit: batchLimit, tariffStep: batchLimit, tokensPerStep: 1,
            dailyTokens: dailyTokens)
    }

    /// The most products that its own limits admit; nil if it has none.
    func mostProducts(inMilliseconds span: Int64) -> Int? {
        limits.map { productsPerUnit * $0.most(inMilliseconds: span) }.min()
    }

    /// The least units that N products can take, in one call or in many.
    func leastUnits(products: Int) -> Int { (products + productsPerUnit - 1) / productsPerUnit }

    /// The least tokens that N products can cost, in one call or in many.
    func leastTokens(products: Int) -> Int {
        (products + tariffStep - 1) / tariffStep * tokensPerStep
    }
}
