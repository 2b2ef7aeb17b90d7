import Planning
import Providers
import Testing

@Suite struct ASINScopeLimitsTests {
    @Test func theDefaultsAreThePagesFigures() {
        let pool = DailyPool(allowanceTokens: 150_000, floorTokens: 15_000)
        #expect(
            ASINScope.definition.account().endpoints == [
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
        let figures = ASINScope.definition.figures([
            "dailyTokens": 1_000, "barcodesPerMinute": 30, "imagesBurst": 12,
            "imagesPerMinute": 6, "batchLimit": 10, "callsInFlight": 3, "lingerMilliseconds": 0,
            "timeoutSeconds": 5, "dailyFloorPercent": 20,
        ])
        let several = ClientPolicy(callsInFlight: 3)
        let pool = DailyPool(allowanceTokens: 1_000, floorTokens: 200)
        #expect(
            ASINScope.definition.endpoints(figures, account: "asinscope") == [
                Endpoint(
                    name: "images", provider: "asinscope", batchLimit: 10, tariff: .perProduct,
                    limits: [.tokenBucket(TokenBucket(capacityTokens: 12, tokensPerMinute: 6))],
                    pools: [pool], linger: .zero, timeout: .seconds(5), clientPolicy: several),
                Endpoint(
                    name: "barcodes", provider: "asinscope", batchLimit: 10, tariff: .perTen,
                    limits: [.slidingWindow(SlidingWindow(capacityTokens: 30))],
                    pools: [pool], linger: .zero, timeout: .seconds(5), clientPolicy: several,
                    leadsTo: "lookup"),
            ])
    }
}
