extension UPCitemdbModel {
    /// The 200 reply to a question, and how many codes or queries it answers.
    struct Finding {
        var products: Int
        var reply: SandboxReply
    }

    /// The matching items, or the reason why there are none.
    func find(
        _ question: UPCitemdbQuestion, at endpoint: UPCitemdbEndpoint
    ) throws(UPCitemdbRefusal) -> Finding {
        var products = 1
        var items: [CatalogItem]
        var total: Int
        var nextOffset = 0
        switch endpoint {
        case .lookup:
            let codes = try codes(question)
            products = codes.count
            items = codes.filter { !$0.isInStore }.map(CatalogItem.init)
            total = items.count
        case .search:
            let query = try ModeledSearchQuery(question)
            (items, nextOffset) = query.page
            total = query.total
        }
        if items.isEmpty { throw .notFound }
        // Page, "user_data": at most 32 characters come back.
        let userData = question.userData.map { String($0.prefix(32)) }
        let body: ModeledJSONText = .object([
            "code": .text("OK"),
            "total": .number(Int64(total)),
            "offset": .number(Int64(nextOffset)),
            "items": .list(items.map { $0.json(userData: userData) }),
        ])
        return Finding(products: products, reply: SandboxReply(status: 200, json: body))
    }

    private func codes(_ question: UPCitemdbQuestion) throws(UPCitemdbRefusal) -> [Barcode] {
        guard let text = question.upc, !text.isEmpty else {
            throw .invalidQuery("Required parameter upc is missing.")
        }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let codes = parts.compactMap { Barcode(String($0)) }
        guard codes.count == parts.count, codes.count <= limits.codesPerRequest,
            !Self.anyIsNamed(codes, in: faults.reject)
        else { throw .invalidUPC }
        if Self.anyIsNamed(codes, in: faults.poison) { throw .serverError }
        return codes
    }

    /// Whether a fault names one of the codes, in any of the lengths in which it can be written.
    private static func anyIsNamed(_ codes: [Barcode], in products: Set<String>) -> Bool {
        let named = Set(products.compactMap { Barcode($0)?.ean })
        return codes.contains { named.contains($0.ean) }
    }

    /// Takes a call from the day, and counts it.
    mutating func charge(_ endpoint: UPCitemdbEndpoint, products: Int) {
        let isPaid = days.spend(endpoint)
        precondition(isPaid, "a call was let through that the day had nothing left for")
        counts[endpoint].tokensCharged += 1
        counts[endpoint].productsCharged += products
    }

    /// The headers of a refusal: after TOO_FAST they describe the block, otherwise the day.
    func headers(
        of refusal: UPCitemdbRefusal, at endpoint: UPCitemdbEndpoint, atMilliseconds now: Int64
    ) -> [String: String] {
        switch refusal.limit {
        case .burst(let block):
            return Self.headers(
                limit: block.calls, remaining: 0, resetMilliseconds: block.untilMilliseconds)
        case .day:
            var headers = dayHeaders(of: endpoint)
            if limits.plan == .free {
                let seconds = (days[endpoint].resetMilliseconds - now + 999) / 1000
                headers["Retry-After"] = String(seconds)
            }
            return headers
        case nil:
            return dayHeaders(of: endpoint)
        }
    }

    /// - Parameter errorTokens: The error that a fault adds to `Remaining`, within the day.
    func dayHeaders(
        of endpoint: UPCitemdbEndpoint, _ errorTokens: Int = 0
    ) -> [String: String] {
        let isShared = limits.searchesSpendLookups && limits.searchHeaders == .sharedPool
        let pool = days[isShared ? .lookup : endpoint]
        return Self.headers(
            limit: pool.allowance,
            remaining: min(max(0, pool.left + errorTokens), pool.allowance),
            resetMilliseconds: pool.resetMilliseconds)
    }

    private static func headers(
        limit: Int, remaining: Int, resetMilliseconds: Int64
    ) -> [String: String] {
        [
            "X-RateLimit-Limit": String(limit),
            "X-RateLimit-Remaining": String(remaining),
            "X-RateLimit-Reset": String(resetMilliseconds / 1000),
        ]
    }
}
