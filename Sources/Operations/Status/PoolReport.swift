package import Planning

/// A daily pool, as `status` and `plan` report it.
package struct PoolReport: Encodable, Sendable {
    package var provider: String
    package var account: String
    /// Whose calls draw from it.
    package var endpoints: [String]
    package var tokensLeft: Int
    package var allowanceTokens: Int
    package var resetsAt: String

    /// "images and barcodes", with the account's name where it is not the provider's first one.
    package var drawers: String { Self.drawers(endpoints, account, provider) }

    package static func drawers(_ endpoints: [String], _ account: String, _ provider: String)
        -> String
    {
        endpoints.joined(separator: " and ") + (account == provider ? "" : " (\(account))")
    }

    package init(_ pool: Forecast.Pool) {
        provider = pool.provider
        account = pool.account
        endpoints = pool.endpoints
        tokensLeft = pool.tokensLeft
        allowanceTokens = pool.pool.allowanceTokens
        resetsAt = HumanText.iso(pool.resetsAt)
    }
}
