import Planning
import Providers

extension Endpoint {
    static let images = Endpoint(
        name: "images", provider: "asinscope", batchLimit: 100, tariff: .perProduct,
        limits: [.tokenBucket(TokenBucket(capacityTokens: 120, tokensPerMinute: 60))],
        pools: [DailyPool(allowanceTokens: 150_000)], linger: .seconds(2), timeout: .seconds(30))

    static let barcodes = Endpoint(
        name: "barcodes", provider: "asinscope", batchLimit: 100, tariff: .perTen,
        limits: [.slidingWindow(SlidingWindow(capacityTokens: 500))],
        pools: [DailyPool(allowanceTokens: 150_000)], linger: .seconds(2), timeout: .seconds(30),
        leadsTo: "lookup")

    /// The provider's endpoints, which share one pool.
    static let both: [Endpoint] = [.images, .barcodes]

    /// The other provider's: a pool for both, and one more for searches.
    static let lookup = Endpoint(
        name: "lookup", provider: "upcitemdb", batchLimit: 1, tariff: .perCall(batchLimit: 1),
        limits: [.slidingWindow(SlidingWindow(capacityTokens: 6))],
        pools: [DailyPool(allowanceTokens: 100)], linger: .zero, timeout: .seconds(30))

    static let search = Endpoint(
        name: "search", provider: "upcitemdb", batchLimit: 1, tariff: .perCall(batchLimit: 1),
        limits: [.slidingWindow(SlidingWindow(capacityTokens: 2, period: .seconds(30)))],
        pools: [
            DailyPool(allowanceTokens: 100), DailyPool(allowanceTokens: 20, endpoint: "search"),
        ],
        linger: .zero, timeout: .seconds(30), hasPages: true)

    static let codes: [Endpoint] = [.lookup, .search]

    /// All endpoints of this endpoint's provider.
    var siblings: [Endpoint] { provider == "asinscope" ? Endpoint.both : Endpoint.codes }

    func with(batchLimit: Int) -> Endpoint {
        var changed = self
        changed.batchLimit = batchLimit
        return changed
    }

    func with(dailyTokens: Int) -> Endpoint {
        var changed = self
        changed.pools = [DailyPool(allowanceTokens: dailyTokens)]
        return changed
    }
}

extension Timestamp {
    /// 2026-05-04 12:00 UTC.
    static let noon = Timestamp(milliseconds: 1_777_896_000_000)
    /// The reset that follows it.
    static let midnight = Timestamp(milliseconds: 1_777_939_200_000)

    func after(_ milliseconds: Int) -> Timestamp {
        Timestamp(milliseconds: self.milliseconds + Int64(milliseconds))
    }
}

/// An answer to a barcodes call that leads each product to a code, or to none.
func barcodes(_ codes: [String: String?]) -> CallOutcome {
    .succeeded(
        Answer(
            items: codes.mapValues { code in
                Item(
                    isFound: true, body: code.map { #"{"ean":"\#($0)"}"# } ?? "{}", leadsTo: code)
            }))
}

/// One page of an answer to a search.
func page(_ query: String, _ items: [String], next: Int? = nil) -> CallOutcome {
    .succeeded(
        Answer(
            items: [
                query: Item(
                    isFound: !items.isEmpty, body: "[\(items.joined(separator: ","))]",
                    nextPageOffset: next)
            ]))
}

/// An answer that has an item for each product, found.
func answer(_ products: [String], left: Int? = nil, resetsIn: Duration? = nil) -> CallOutcome {
    let items = products.map { ($0, Item(isFound: true, body: #"{"asin":"\#($0)"}"#)) }
    return .succeeded(
        Answer(
            items: Dictionary(uniqueKeysWithValues: items), dailyRemaining: left, resetsIn: resetsIn
        ))
}

/// The code that a barcodes result leads to.
func barcodeLead(_ body: String) -> String? {
    Catalog.standard.endpoint(named: "barcodes")?.followUp(body)
}
