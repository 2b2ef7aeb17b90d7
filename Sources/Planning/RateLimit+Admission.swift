extension RateLimit {
    /// How many of `products` may go now, or when to ask again.
    func admission(
        of products: Int, isUrgent: Bool, endpoint: Endpoint, ledger: Ledger, at now: Timestamp
    ) -> Admission {
        let tariff = endpoint.tariff
        switch self {
        case .slidingWindow(let window):
            let calls = window.calls(ledger, at: endpoint.name)
            let admitted = Self.fitting(products, in: window.available(calls, at: now), tariff)
            if admitted > 0 { return .products(admitted) }
            let least = tariff.cost(of: min(products, tariff.step))
            return .hold(.slidingWindow, until: window.earliest(for: least, calls, at: now))
        case .tokenBucket(let bucket):
            let fullAt = ledger.fullAt(at: endpoint.name)
            let available = bucket.available(fullAt: fullAt, at: now)
            // Few large calls rather than one for each token that drips in.
            let wanted =
                isUrgent
                ? tariff.cost(of: 1) : min(tariff.cost(of: products), bucket.batchTokens)
            if available >= wanted {
                return .products(Self.fitting(products, in: available, tariff))
            }
            return .hold(
                .tokenBucket, until: bucket.earliest(for: wanted, fullAt: fullAt, at: now))
        }
    }

    /// The most products, up to `wanted`, whose cost `tokens` can pay: all, or full steps.
    private static func fitting(_ wanted: Int, in tokens: Int, _ tariff: Tariff) -> Int {
        tariff.cost(of: wanted) <= tokens ? wanted : tariff.products(for: tokens)
    }
}
