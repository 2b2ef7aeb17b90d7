/// The totals that a model has seen and charged. As JSON they are the reply of `/sandbox/counts`.
package struct Counts: Codable, Equatable, Sendable {
    /// The totals of one endpoint.
    package struct Endpoint: Codable, Equatable, Sendable {
        package var calls = 0
        /// Calls by the status that was answered, or would have been had the reply not been lost.
        package var statuses: [Int: Int] = [:]
        package var refusedForMinute = 0
        package var refusedForDay = 0
        /// Calls that came before the wait of the endpoint's last 429 was over.
        package var early = 0
        /// Charged calls whose reply a fault cut off, shortened, inflated or never sent.
        package var spoiledReplies = 0
        /// Products of all calls that passed validation, including calls that were refused.
        package var productsAsked = 0
        /// Products of the calls that were charged.
        package var productsCharged = 0
        /// Tokens taken from the daily pool, those of refused calls included if they cost any.
        package var tokensCharged = 0
        /// The most that was charged in any trailing minute, in the units of the endpoint's limit.
        package var mostInAMinute = 0
    }

    package var images = Endpoint()
    package var barcodes = Endpoint()
    /// Requests with a path or a method that the API does not have.
    package var notFound = 0
    /// Tokens that the rival took from the daily pool.
    package var rivalTokens = 0

    package init() {}

    package subscript(endpoint: SandboxEndpoint) -> Endpoint {
        get {
            switch endpoint {
            case .images: images
            case .barcodes: barcodes
            }
        }
        set {
            switch endpoint {
            case .images: images = newValue
            case .barcodes: barcodes = newValue
            }
        }
    }

    package var tokensCharged: Int {
        images.tokensCharged + barcodes.tokensCharged
    }
}
