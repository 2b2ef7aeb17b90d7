/// The totals that the UPCitemdb model has seen and charged: a part of the reply of `/sandbox/counts`.
package struct UPCitemdbCounts: Codable, Equatable, Sendable {
    /// The totals of one endpoint.
    package struct Endpoint: Codable, Equatable, Sendable {
        package var calls = 0
        /// Calls by the status that was answered, or would have been had the reply not been lost.
        package var statuses: [Int: Int] = [:]
        /// Calls answered TOO_FAST, including those that came during a block.
        package var refusedForBurst = 0
        /// Calls answered EXCEED_LIMIT.
        package var refusedForDay = 0
        /// Calls that came before the end of the wait that the last such 429 gave.
        package var early = 0
        /// Calls that came during a block and extended it.
        package var extendedBlocks = 0
        /// Charged calls whose reply a fault cut off, shortened, inflated or never sent.
        package var spoiledReplies = 0
        /// Codes and queries of the calls that were answered 200.
        package var productsCharged = 0
        /// Calls taken from the day, those of refused calls included if they cost any.
        package var tokensCharged = 0
        /// The rival's calls from the endpoint's day.
        package var rivalTokens = 0
        /// The most admitted calls in any trailing window of each of the endpoint's bursts.
        package var mostInBursts: [Int] = []
    }

    package var lookup = Endpoint()
    package var search = Endpoint()
    /// Requests with a path or a method that the plan does not have.
    package var wrongPaths = 0

    package init() {}

    package subscript(endpoint: UPCitemdbEndpoint) -> Endpoint {
        get {
            switch endpoint {
            case .lookup: lookup
            case .search: search
            }
        }
        set {
            switch endpoint {
            case .lookup: lookup = newValue
            case .search: search = newValue
            }
        }
    }

    package var tokensCharged: Int {
        lookup.tokensCharged + search.tokensCharged
    }
}
