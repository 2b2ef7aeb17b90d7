/// Products that come in at one instant, for one endpoint.
struct Submission: Sendable {
    var atMicroseconds: Int64
    var endpoint: String
    /// Numbers of `SampleProducts`.
    var products: Range<Int>
    /// Further ASINs, in the middle of the others.
    var extra: [String] = []
    var priority = 5
    var label: String?

    var asins: [String] {
        let middle = products.lowerBound + products.count / 2
        return (products.lowerBound..<middle).map(SampleProducts.asin) + extra
            + (middle..<products.upperBound).map(SampleProducts.asin)
    }
}

/// What users do to a queue in the course of a run.
struct Workload: Sendable {
    var submissions: [Submission] = []
    /// Labels whose waiting jobs are cancelled, and when.
    var cancellations: [(atMicroseconds: Int64, label: String)] = []
    /// The number of the next product that nobody has asked for yet.
    private(set) var nextProduct = 0

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
}
