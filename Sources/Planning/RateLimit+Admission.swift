extension RateLimit {
    /// How many of `products` may go now, or when to check again.
    func admission(
        of products: Int, isUrgent: Bool, endpoint: Endpoint, ledger: Ledger, at now: Timestamp
    ) -> Admission {
        let tariff = endpoint.tariff
        switch self {
        case .slidingWindow(let window):
            let calls = window.calls(ledger, at: endpoint.name)
            let shortestReply =
                endpoint.clientPolicy.callsInFlight > 1
                ? ledger.shortestReply(at: endpoint.name) : nil
            let available = window.available(calls, at: now, shortestReply: shortestReply)
            let admitted = Self.fitting(products, in: available, tariff)
            if admitted > 0 { return .products(admitted) }
            let least = tariff.cost(of: min(products, tariff.step))
            return .hold(
                .slidingWindow,
                until: window.earliest(for: least, calls, at: now, shortestReply: shortestReply))
        case .tokenBucket(let bucket):
            let fullAt = ledger.fullAt(at: endpoint.name)
            let reserved = ledger.reserved(at: endpoint.name)
            let available = bucket.available(fullAt: fullAt, at: now) - reserved
            // A few large calls are better than one for each token as it is refilled.
            let wanted =
                isUrgent
                ? tariff.cost(of: 1) : min(tariff.cost(of: products), bucket.batchTokens)
            if available >= wanted {
                return .products(Self.fitting(products, in: available, tariff))
            }
            // The end of an open call shows how many tokens it left.
            guard wanted + reserved <= bucket.capacityTokens else {
                return .hold(.tokenBucket, until: nil)
            }
            return .hold(
                .tokenBucket,
                until: bucket.earliest(for: wanted + reserved, fullAt: fullAt, at: now))
        }
    }

    /// The most products, up to `wanted`, whose cost `tokens` can pay: all, or full steps.
    private static func fitting(_ wanted: Int, in tokens: Int, _ tariff: Tariff) -> Int {
        tariff.cost(of: wanted) <= tokens ? wanted : tariff.products(for: tokens)
    }
}
