package import Planning

/// What ASINScope allows one API key, by default what its page for Circana says.
///
/// Keys differ: an older page lists a trial of 30 products a minute and 1,000 a day. So every figure
/// is a setting.
package struct ASINScopeLimits: Equatable, Sendable {
    /// Page, "Shared Daily Allowance": "150,000 tokens / day", for both endpoints together.
    package var dailyTokens = 150_000
    /// Page, "Barcodes per-minute limit": "500 products / minute. Window-based".
    package var barcodesPerMinute = 500
    /// Page, "Images per-minute limit": "Burst capacity 120".
    package var imagesBurst = 120
    /// Page, "Images per-minute limit": "refill rate 60 / minute (1 / second)".
    package var imagesPerMinute = 60
    /// Page, "Constraints": "Maximum 100 ASINs per request".
    package var batchLimit = 100
    /// Ours: waiting this long for a batch of barcodes to reach a full ten costs little beside the
    /// page's advice, "batch in tens".
    package var linger = Duration.seconds(2)
    /// How many calls each endpoint may have in flight. Ours: one fills both minute limits.
    package var callsInFlight = 1
    /// Page, "Integration Examples": `timeout=30`.
    package var timeout = Duration.seconds(30)

    package init() {}

    /// `images` and `barcodes`: each with a limit of its own, and one pool for both.
    package var endpoints: [Endpoint] {
        [
            // Page, "Token Counting": "1 ASIN = 1 token".
            endpoint(
                ASINScope.images, tariff: .perProduct,
                limit: .tokenBucket(
                    TokenBucket(capacityTokens: imagesBurst, tokensPerMinute: imagesPerMinute))),
            // Page, "Token Counting": "1–10 ASINs = 10 tokens, 11–20 ASINs = 20 tokens".
            endpoint(
                ASINScope.barcodes, tariff: .perTen,
                limit: .slidingWindow(SlidingWindow(capacityTokens: barcodesPerMinute))),
        ]
    }

    private func endpoint(_ name: String, tariff: Tariff, limit: RateLimit) -> Endpoint {
        Endpoint(
            name: name, provider: ASINScope.provider, batchLimit: batchLimit, tariff: tariff,
            limits: [limit], pools: [DailyPool(allowanceTokens: dailyTokens)], linger: linger,
            timeout: timeout, clientPolicy: ClientPolicy(callsInFlight: callsInFlight),
            leadsTo: name == ASINScope.barcodes ? UPCitemdb.lookup : nil)
    }
}
