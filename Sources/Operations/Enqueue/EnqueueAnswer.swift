package import Planning
package import Providers
package import Storage

/// The outcome of adding products for another program. Its JSON is a contract: fields are added, never renamed.
package struct EnqueueAnswer: Encodable, Sendable {
    package struct Refusal: Encodable, Sendable {
        /// The place of the product in the request, or its line, from 0.
        package var index: Int
        package var product: String
        package var message: String
    }

    package struct Expectation: Encodable, Sendable {
        /// When all added jobs are done; null when there are none, or when they have no end.
        package var finishesAt: NullableInstant
        package var calls: Int
        package var tokens: Int
    }

    package var added: Int
    package var alreadyOpen: Int
    package var fresh: Int
    package var refused: [Refusal]
    /// All that were refused; `refused` has the first.
    package var refusedCount: Int
    package var forecast: Expectation
}

/// Takes products one by one, as they arrive, and adds them in batches.
package struct ProductStream {
    package static let refusalsMax = 100

    package let form: ProductForm
    private var index = 0
    private var batch: [String] = []
    private var enqueuing: Enqueuing
    private let startedAt: Timestamp
    private let refusalsListed: Int
    package private(set) var refused: [EnqueueAnswer.Refusal] = []
    package private(set) var refusedCount = 0

    /// - Parameters:
    ///   - definitions: As those of `EnqueueRequest`.
    ///   - refusalsListed: How many refusals the answer lists.
    /// - Throws: `OperationError`
    package init(
        _ request: EnqueueRequest, _ definitions: [EndpointDefinition], _ settings: Settings,
        _ store: Store, refusalsListed: Int, at now: Timestamp
    ) throws {
        form = definitions[0].form
        startedAt = now
        self.refusalsListed = refusalsListed
        enqueuing = try Enqueuing(
            definitions, request.options(of: definitions, at: now),
            isDryRun: request.dryRun ?? false, settings, store)
    }

    /// A product as a program sends it.
    package mutating func take(_ text: String) {
        defer { index += 1 }
        do {
            batch.append(try form.product(text))
        } catch {
            refuse(text, "\(error)")
        }
    }

    /// A row of a file: blank rows and comments are skipped.
    ///
    /// - Parameter text: What should be a product, in UTF-8.
    package mutating func take(_ row: InputRow, _ text: Span<UInt8>) {
        index = row.line - 1
        switch row.content {
        case .blank: break
        case .product(let product), .corrected(let product, _): batch.append(product)
        case .bad(let reason):
            let bytes = text.indices.prefix(200).map { text[$0] }
            refuse(String(decoding: bytes, as: UTF8.self), reason)
        }
    }

    /// A line that cannot be read.
    package mutating func refuse(_ product: String, because message: String) {
        defer { index += 1 }
        refuse(product, message)
    }

    private mutating func refuse(_ product: String, _ message: String) {
        refusedCount += 1
        guard refused.count < refusalsListed else { return }
        refused.append(
            EnqueueAnswer.Refusal(
                index: index, product: TerminalText.excerpt(product, 100), message: message))
    }

    package var isBatchFull: Bool { batch.count >= Store.enqueueBatch }

    /// Adds the batch, in one transaction for each endpoint.
    /// - Throws: `StoreError`
    package mutating func flush() throws {
        if batch.isEmpty { return }
        try enqueuing.add(ProductBatch(products: batch), at: startedAt)
        batch.removeAll(keepingCapacity: true)
    }

    /// - Parameter now: For the forecast.
    /// - Throws: `StoreError`
    package func answer(at now: Timestamp) throws -> EnqueueAnswer {
        let report = try enqueuing.report(ProductIntake(), at: now)
        let lanes = enqueuing.endpoints.compactMap { report.forecast[$0.name] }
        let groups = lanes.compactMap(\.groups.first)
        let ends = groups.map(\.finishesAt)
        let counts = enqueuing.enqueued.values
        return EnqueueAnswer(
            added: counts.reduce(0) { $0 + $1.added },
            alreadyOpen: counts.reduce(0) { $0 + $1.alreadyOpen },
            fresh: counts.reduce(0) { $0 + $1.fresh }, refused: refused,
            refusedCount: refusedCount,
            forecast: EnqueueAnswer.Expectation(
                finishesAt: NullableInstant(
                    instant: ends.contains(nil) ? nil : ends.compactMap(\.self).max()),
                calls: zip(lanes.filter { $0.groups.first != nil }, groups).reduce(0) {
                    $0 + $1.0.calls(of: $1.1)
                },
                tokens: groups.reduce(0) { $0 + $1.tokens }))
    }
}

extension EndpointForecast {
    /// The calls of a group's jobs: its share of the endpoint's calls, by jobs.
    fileprivate func calls(of group: Group) -> Int {
        guard jobs > 0 else { return 0 }
        return (calls * min(group.jobs, jobs) + jobs - 1) / jobs
    }
}
