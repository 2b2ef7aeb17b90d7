import Planning

/// A daily pool, as `status` and `plan` tell of it.
struct PoolReport: Encodable {
    var provider: String
    /// Whose calls draw from it.
    var endpoints: [String]
    var tokensLeft: Int
    var allowanceTokens: Int
    var resetsAt: String

    init(_ pool: Forecast.Pool) {
        provider = pool.provider
        endpoints = pool.endpoints
        tokensLeft = pool.tokensLeft
        allowanceTokens = pool.pool.allowanceTokens
        resetsAt = HumanText.iso(pool.resetsAt)
    }
}
