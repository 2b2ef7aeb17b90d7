/// The rest of the two endpoints' day. Lookups spend from theirs; searches from theirs and, on the FREE plan,
/// from the lookups' too.
struct UPCitemdbDays: Sendable {
    private let searchesSpendLookups: Bool
    private var pools: [UPCitemdbEndpoint: ModeledDailyPool]

    init(_ limits: UPCitemdbLimits) {
        searchesSpendLookups = limits.searchesSpendLookups
        pools = [
            .lookup: ModeledDailyPool(
                allowance: limits.dailyLookups, resetMinute: limits.resetMinute),
            .search: ModeledDailyPool(
                allowance: limits.dailySearches, resetMinute: limits.resetMinute),
        ]
    }

    subscript(endpoint: UPCitemdbEndpoint) -> ModeledDailyPool {
        guard let pool = pools[endpoint] else { preconditionFailure("every endpoint has a pool") }
        return pool
    }

    /// The endpoints whose calls spend from an empty pool.
    var over: [UPCitemdbEndpoint] {
        UPCitemdbEndpoint.allCases.filter { spending(of: $0).contains { self[$0].left == 0 } }
    }

    /// Advances to `now`. Returns the calls of a rival that spends from each pool at this rate.
    mutating func advance(
        toMilliseconds now: Int64, dayMinutes: Int, rivalTokensPerMinute: Int
    ) -> [UPCitemdbEndpoint: Int] {
        var taken: [UPCitemdbEndpoint: Int] = [:]
        for endpoint in UPCitemdbEndpoint.allCases {
            taken[endpoint] = pools[endpoint]?.advance(
                toMilliseconds: now, dayMinutes: dayMinutes,
                rivalTokensPerMinute: rivalTokensPerMinute)
        }
        return taken
    }

    /// Takes a call from each of its pools that is not empty. Returns whether there was any.
    mutating func spend(_ endpoint: UPCitemdbEndpoint) -> Bool {
        let payers = spending(of: endpoint).filter { self[$0].left > 0 }
        for payer in payers { pools[payer]?.take(1) }
        return !payers.isEmpty
    }

    private func spending(of endpoint: UPCitemdbEndpoint) -> [UPCitemdbEndpoint] {
        endpoint == .search && searchesSpendLookups ? [.lookup, .search] : [endpoint]
    }
}
