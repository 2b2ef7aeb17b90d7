import Planning
import Providers
import Testing

@Suite struct ASINScopeLimitsTests {
    @Test func theDefaultsAreThePagesFigures() {
        let pool = DailyPool(allowanceTokens: 150_000)
        #expect(
            ASINScopeLimits().endpoints == [
                Endpoint(
                    name: "images", provider: "asinscope", batchLimit: 100, tariff: .perProduct,
                    limits: [.tokenBucket(TokenBucket(capacityTokens: 120, tokensPerMinute: 60))],
                    pools: [pool], linger: .seconds(2), timeout: .seconds(30)),
                Endpoint(
                    name: "barcodes", provider: "asinscope", batchLimit: 100, tariff: .perTen,
                    limits: [.slidingWindow(SlidingWindow(capacityTokens: 500, period: .minute))],
                    pools: [pool], linger: .seconds(2), timeout: .seconds(30), leadsTo: "lookup"),
            ])
    }

    @Test func everyFigureCanBeSet() {
        var limits = ASINScopeLimits()
        limits.dailyTokens = 1_000
        limits.barcodesPerMinute = 30
        limits.imagesBurst = 12
        limits.imagesPerMinute = 6
        limits.batchLimit = 10
        limits.callsInFlight = 3
        limits.linger = .zero
        limits.timeout = .seconds(5)
        let pool = DailyPool(allowanceTokens: 1_000)
        #expect(
            limits.endpoints == [
                Endpoint(
                    name: "images", provider: "asinscope", batchLimit: 10, tariff: .perProduct,
                    limits: [.tokenBucket(TokenBucket(capacityTokens: 12, tokensPerMinute: 6))],
                    pools: [pool], linger: .zero, timeout: .seconds(5),
                    clientPolicy: ClientPolicy(callsInFlight: 3)),
                Endpoint(
                    name: "barcodes", provider: "asinscope", batchLimit: 10, tariff: .perTen,
                    limits: [.slidingWindow(SlidingWindow(capacityTokens: 30))],
                    pools: [pool], linger: .zero, timeout: .seconds(5),
                    clientPolicy: ClientPolicy(callsInFlight: 3), leadsTo: "lookup"),
            ])
    }
}
