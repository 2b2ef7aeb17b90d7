import Planning
import Testing

struct TariffTests {
    @Test("images cost a token for each product, 0 to 1000")
    func perProduct() {
        for products in 0...1_000 {
            #expect(Tariff.perProduct.cost(of: products) == products)
            #expect(Tariff.perProduct.products(for: products) == products)
        }
    }

    @Test("barcodes cost ten tokens for each started ten, 0 to 1000")
    func perTen() {
        var tokens = 0
        for products in 0...1_000 {
            if products % 10 == 1 { tokens += 10 }
            #expect(Tariff.perTen.cost(of: products) == tokens)
        }
    }

    @Test(
        "the page's own examples hold",
        arguments: [
            (Tariff.perTen, 1, 10), (.perTen, 10, 10), (.perTen, 11, 20), (.perTen, 20, 20),
            (.perTen, 21, 30), (.perTen, 30, 30), (.perProduct, 1, 1), (.perProduct, 7, 7),
            (.perProduct, 100, 100),
        ])
    func documented(tariff: Tariff, products: Int, tokens: Int) {
        #expect(tariff.cost(of: products) == tokens)
    }

    @Test(
        "tokens pay for the most products whose cost they cover, 0 to 1000",
        arguments: [1, 3, 7, 10, 100])
    func mostProducts(step: Int) {
        let tariff = Tariff(step: step, tokensPerStep: step)
        var most = 0
        for tokens in 0...1_000 {
            while tariff.cost(of: most + 1) <= tokens { most += 1 }
            #expect(tariff.products(for: tokens) == most, "\(tokens) tokens, step \(step)")
        }
    }

    @Test("an overdrawn pool pays for nothing", arguments: [-1, -10, -150_000])
    func overdrawn(tokens: Int) {
        #expect(Tariff.perProduct.products(for: tokens) == 0)
        #expect(Tariff.perTen.products(for: tokens) == 0)
    }

    @Test("one more product never costs less, and at most a step more", arguments: [1, 3, 7, 10])
    func monotonic(step: Int) {
        let tariff = Tariff(step: step, tokensPerStep: step)
        for products in 0..<1_000 {
            let more = tariff.cost(of: products + 1) - tariff.cost(of: products)
            #expect(more == (products.isMultiple(of: step) ? step : 0))
        }
    }

    @Test("a tariff by the call costs one token, however many products the call holds")
    func perCall() {
        for batchLimit in 1...12 {
            let tariff = Tariff.perCall(batchLimit: batchLimit)
            for products in 1...batchLimit { #expect(tariff.cost(of: products) == 1) }
            #expect(tariff.cost(of: 0) == 0 && tariff.products(for: 0) == 0)
            #expect(tariff.products(for: 3) == 3 * batchLimit)
        }
    }

    @Test(
        "calls of several products with a tariff by the call linger, and urgent ones include the others"
    )
    func perCallBatches() {
        let lookup = Endpoint.oneClient(
            "lookup", batchLimit: 5, limits: [], pools: [DailyPool(allowanceTokens: 100)])
        func decide(_ ready: [Job]) -> Decision<CallPlan> {
            Planner.decide(Snapshot(endpoint: lookup, ready: ready), at: .noon)
        }
        #expect(decide(jobs(12)).called?.count == 5)
        #expect(decide(jobs(3)).called?.count == 3)
        #expect(decide(jobs(3, enqueuedAt: .noon)).hold == .lingering)
        let urgent = jobs(1, priority: 0, enqueuedAt: .noon)
        #expect(decide(urgent).called?.count == 1)
        #expect(decide(urgent + jobs(9, from: 2)).called?.count == 5)
    }
}
