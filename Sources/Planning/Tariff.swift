/// What a call costs, in tokens, by how many products it asks about.
///
/// Source: the provider's page, "Token Counting": images one token an ASIN; barcodes 10 tokens for
/// 1–10 ASINs, 20 for 11–20 and so on. The other provider counts calls.
package struct Tariff: Hashable, Sendable {
    /// The products of a call are rounded up to a multiple of this. 1: no rounding.
    package var step: Int
    /// Tokens for each step.
    package var tokensPerStep: Int

    package static let perProduct = Tariff(step: 1, tokensPerStep: 1)
    package static let perTen = Tariff(step: 10, tokensPerStep: 10)

    /// One token, however many of the `batchLimit` products a call asks about.
    package static func perCall(batchLimit: Int) -> Tariff {
        Tariff(step: batchLimit, tokensPerStep: 1)
    }

    package init(step: Int, tokensPerStep: Int) {
        precondition(step >= 1 && tokensPerStep >= 1)
        self.step = step
        self.tokensPerStep = tokensPerStep
    }

    /// Tokens for a call of `products`, 0 or more.
    package func cost(of products: Int) -> Int {
        (products + step - 1) / step * tokensPerStep
    }

    /// The most products that `tokens` can pay for in one call, in full steps.
    package func products(for tokens: Int) -> Int {
        max(0, tokens) / tokensPerStep * step
    }

    /// As many products as cost no more than `products` do.
    func fullSteps(_ products: Int) -> Int {
        (products + step - 1) / step * step
    }
}
