import Planning

/// A provider that sees one client, like its free plan: a pool of 100 calls for both endpoints with 20
/// searches in it, a call in ten seconds, and blocks that an early request extends.
extension Endpoint {
    static let lookup = oneClient(
        "lookup",
        limits: [
            .slidingWindow(SlidingWindow(capacityTokens: 6)),
            // A little longer than for the slower one, which thus goes first.
            .slidingWindow(
                SlidingWindow(capacityTokens: 1, period: .milliseconds(10_050), isShared: true)),
        ],
        pools: [DailyPool(allowanceTokens: 100)])

    static let search = oneClient(
        "search",
        limits: [
            .slidingWindow(SlidingWindow(capacityTokens: 2, period: .seconds(30))),
            .slidingWindow(.tenSeconds),
        ],
        pools: [
            DailyPool(allowanceTokens: 100), DailyPool(allowanceTokens: 20, endpoint: "search"),
        ])

    static func oneClient(
        _ name: String, batchLimit: Int = 1, limits: [RateLimit], pools: [DailyPool]
    ) -> Endpoint {
        Endpoint(
            name: name, provider: "upcitemdb", batchLimit: batchLimit,
            tariff: .perCall(batchLimit: batchLimit), limits: limits, pools: pools,
            linger: .seconds(2), timeout: .seconds(30),
            clientPolicy: ClientPolicy(
                isOneConnection: true, sharesBlocks: true, chargesRefusals: true,
                defaultRetryAfter: .seconds(60)))
    }

    func with(pools: [DailyPool]) -> Endpoint {
        var changed = self
        changed.pools = pools
        return changed
    }
}

extension SlidingWindow {
    static let tenSeconds = SlidingWindow(
        capacityTokens: 1, period: .seconds(10), isShared: true)
}
