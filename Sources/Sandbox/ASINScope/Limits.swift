/// The server's limits. The defaults are the documented figures; other keys have other limits.
package struct Limits: Sendable, Equatable {
    /// The unit of the barcodes minute. The page says "500 products / minute" and bills in tens; it does not
    /// say which of the two the window counts.
    package enum WindowUnit: Sendable {
        case products
        /// The products of each call rounded up to ten.
        case tens
    }

    /// Tokens a day for both endpoints together. Page, "Shared Daily Allowance".
    package var dailyTokens = 150_000
    /// The most in any trailing minute. Page, "Barcodes per-minute limit".
    package var barcodesPerMinute = 500
    package var barcodesWindowUnit = WindowUnit.products
    /// Products that a full bucket pays for at once. Page, "Images per-minute limit".
    package var imagesBurst = 120
    /// Products that the bucket regains in a minute. Page, "Images per-minute limit".
    package var imagesPerMinute = 60
    /// ASINs in one request. Page, "Constraints".
    package var productsPerRequest = 100
    /// Whether a call refused with 400 or 429 still spends its tokens, as far as the pool has them. The page
    /// does not say; the minute limits are never charged for a refusal.
    package var chargesRefusals = false

    package init() {}
}
