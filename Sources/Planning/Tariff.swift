/// What a call costs, in tokens, by how many products it asks about.
///
/// Source: the provider's page, "Token Counting": images one token an ASIN; barcodes 10 tokens for
/// 1–10 ASINs, 20 for 11–20 and so on.
package struct Tariff: Hashable, Sendable {
    /// The products of a call are rounded up to a multiple of this. 1: no rounding.
    package var step: Int

    package static let perProduct = Tariff(step: 1)
    package static let perTen = Tariff(step: 10)

    package init(step: Int) {
        precondition(step >= 1)
        self.step = step
    }

    /// Tokens for a call of `products`, 0 or more.
    package func cost(of products: Int) -> Int {
        (products + step - 1) / step * step
    }

    /// The most products that `tokens` can pay for in one call.
    package func products(for tokens: Int) -> Int {
        max(0, tokens) / step * step
    }
}
