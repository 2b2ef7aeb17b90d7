import Planning
import Testing

struct AuditPoolsTests {
    @Test("tokens of endpoints that share a pool are added, and those of other endpoints are not")
    func pools() {
        var own = Endpoint.images
        own.name = "own"
        own.pools = [DailyPool(allowanceTokens: 9, endpoint: "own")]
        var elsewhere = Endpoint.images
        (elsewhere.name, elsewhere.provider) = ("elsewhere", "another")
        #expect(
            PoolTokens.none([.images, own, elsewhere, .barcodes]).map(\.endpoints)
                == [["images", "barcodes"], ["own"], ["elsewhere"]])
        var summary = AuditReport().summary
        summary.pools = [["images", "barcodes"], ["elsewhere"]].map {
            PoolTokens(account: "asinscope", endpoints: $0)
        }
        for (endpoint, tokens) in [("images", 3), ("elsewhere", 5), ("barcodes", 10), ("gone", 7)] {
            summary.add(at: endpoint, of: "asinscope") { $0.charged += tokens }
        }
        #expect(summary.pools.map(\.charged) == [13, 5, 7])
        #expect(
            summary.pools.map(\.endpoints) == [["images", "barcodes"], ["elsewhere"], ["gone"]])
    }
}

extension AuditSummary {
    /// The tokens of all pools, for tests with one provider's calls.
    func total(_ tokens: (PoolTokens) -> Int) -> Int { pools.reduce(0) { $0 + tokens($1) } }
}
