internal import Providers

/// Products that are added at one instant, for one endpoint.
struct Submission: Sendable {
    var atMicroseconds: Int64
    var endpoint: String
    /// Numbers of `SampleProducts`.
    var products: Range<Int>
    /// Further ASINs, in the middle of the others.
    var extra: [String] = []
    /// Other products, in place of numbered ASINs.
    var texts: [String]?
    /// For searches.
    var pages = 1
    /// Look up the products that they lead to, unless their result is younger than this.
    var thenLookup: Duration?
    var priority = 5
    var label: String?
    /// The only account that may do it; nil: any shared one.
    var account: String?

    var asins: [String] {
        if let texts { return texts }
        let middle = products.lowerBound + products.count / 2
        return (products.lowerBound..<middle).map(SampleProducts.asin) + extra
            + (middle..<products.upperBound).map(SampleProducts.asin)
    }
}

extension Submission {
    /// The fewest calls that answer this number of its products: one for each, or the pages of a query.
    func fewestUnits(of count: Int) -> Int {
        guard pages > 1 else { return count }
        return Set(asins).map { SampleProducts.pages(of: $0, most: pages) }.sorted().prefix(count)
            .reduce(0, +)
    }
}

/// Users' actions on a queue during a run.
package struct Workload: Sendable {
    var submissions: [Submission] = []
    /// Labels whose waiting jobs are cancelled, and when.
    var cancellations: [(atMicroseconds: Int64, label: String)] = []
    /// The number of the next product that was not requested yet.
    private(set) var nextProduct = 0

    var productCount: Int { submissions.reduce(0) { $0 + $1.asins.count } }

    mutating func take(_ count: Int) -> Range<Int> {
        defer { nextProduct += count }
        return nextProduct..<nextProduct + count
    }

    mutating func add(
        _ count: Int, at endpoint: String, atMicroseconds: Int64, extra: [String] = [],
        priority: Int = 5, label: String? = nil
    ) {
        submissions.append(
            Submission(
                atMicroseconds: atMicroseconds, endpoint: endpoint, products: take(count),
                extra: extra, priority: priority, label: label))
    }

    /// Adds a little work that contains these ASINs, by endpoint.
    mutating func add(_ extra: [String: [String]], atMicroseconds: Int64) {
        for (endpoint, asins) in extra.sorted(by: { $0.key < $1.key }) where !asins.isEmpty {
            add(3 * asins.count, at: endpoint, atMicroseconds: atMicroseconds, extra: asins)
        }
    }
}

extension Workload {
    /// - Parameter sides: The sources of the run's providers, each with the provider's accounts.
    init(
        _ backlog: SimulatedBacklog,
        of sides: [(source: SimulationSource, accounts: [SimulatedAccount])],
        extra: [String: [String]], atMicroseconds: Int64
    ) {
        var texts: [(endpoint: String, work: SimulationSource.Texts)] = []
        for (source, accounts) in sides {
            for endpoint in accounts[0].account.definition.endpoints {
                guard let count = backlog.counts[endpoint.name], count > 0 else { continue }
                if let work = source.backlogTexts(endpoint, count) {
                    texts.append((endpoint.name, work))
                } else {
                    add(count, at: endpoint.name, atMicroseconds: atMicroseconds)
                }
            }
        }
        add(extra, atMicroseconds: atMicroseconds)
        for arrival in backlog.arrivals {
            add(
                arrival.products, at: arrival.endpoint,
                atMicroseconds: atMicroseconds + arrival.afterSeconds * 1_000_000)
        }
        for (endpoint, work) in texts {
            addTexts(
                work.texts, at: endpoint, pages: work.pages, atMicroseconds: atMicroseconds)
        }
    }

    /// Products that are not ASINs: codes, queries.
    package mutating func addTexts(
        _ texts: [String], at endpoint: String, pages: Int = 1, priority: Int = 5,
        thenLookup: Duration? = nil, atMicroseconds: Int64
    ) {
        submissions.append(
            Submission(
                atMicroseconds: atMicroseconds, endpoint: endpoint, products: 0..<0, texts: texts,
                pages: pages, thenLookup: thenLookup, priority: priority))
    }
}
