import Planning

/// A daily pool, as `status` and `plan` tell of it.
struct PoolReport: Encodable {
    var provider: String
    var account: String
    /// Whose calls draw from it.
    var endpoints: [String]
    var tokensLeft: Int
    var allowanceTokens: Int
    var resetsAt: String

    /// "images and barcodes", with the account's name where it is not the provider's first one.
    var drawers: String { Self.drawers(endpoints, account, provider) }

    static func drawers(_ endpoints: [String], _ account: String, _ provider: String) -> String {
        endpoints.joined(separator: " and ") + (account == provider ? "" : " (\(account))")
    }

    init(_ pool: Forecast.Pool) {
        provider = pool.provider
        account = pool.account
        endpoints = pool.endpoints
        tokensLeft = pool.tokensLeft
        allowanceTokens = pool.pool.allowanceTokens
        resetsAt = HumanText.iso(pool.resetsAt)
    }
}
