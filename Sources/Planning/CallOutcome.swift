/// Every way in which a call can end, before anybody draws conclusions from it.
package enum CallOutcome: Equatable, Sendable {
    /// 200 with a body that could be read.
    case succeeded(Answer)
    /// 429. `hint` is the server's own word on when to come back.
    case rateLimited(RateLimitScope, hint: Duration?, message: String)
    /// 400: something in the request is not acceptable, perhaps one product of the batch.
    case rejected(status: Int, message: String)
    /// 401, 403: the key, not the products.
    case unauthorized(status: Int, message: String)
    /// 5xx, timeout, cut off, unreadable: `status` is nil where no status line came.
    case failed(status: Int?, message: String)
    /// The lease ran out: we were not there to read the reply.
    case expired
}

package enum RateLimitScope: Equatable, Sendable {
    /// One endpoint's own limit.
    case minute
    /// The pool that a provider's endpoints share.
    case day
}

/// What a reply says.
package struct Answer: Equatable, Sendable {
    /// By product, for those that the reply has an item for.
    package var items: [String: Item]
    /// Tokens left in the daily pool after the call; nil where the reply does not say.
    package var dailyLeft: Int?
    /// Time to the pool's reset, from the arrival of the reply.
    package var resetsIn: Duration?

    package init(items: [String: Item], dailyLeft: Int? = nil, resetsIn: Duration? = nil) {
        self.items = items
        self.dailyLeft = dailyLeft
        self.resetsIn = resetsIn
    }
}

/// One product's part of a reply.
package struct Item: Equatable, Sendable {
    /// Whether the provider knows the product.
    package var isFound: Bool
    /// JSON, as the provider gave it.
    package var body: String

    package init(isFound: Bool, body: String) {
        self.isFound = isFound
        self.body = body
    }
}
