package import Planning
internal import Providers
package import Storage

/// A page of results, in the order in which they were stored.
package struct ResultPage: Encodable {
    package var items: [ResultRecord]
    /// The revision after which the next page begins, as text. Always present: results that are stored later
    /// follow it. A page of one endpoint may have fewer items than its limit, or none, and another cursor than
    /// the one that was given: then there may be more.
    package var cursor: String

    /// - Parameters:
    ///   - label: Results of products that have a job with this label at the endpoint.
    ///   - after: The cursor of the page before; 0 for the first page.
    /// - Throws: `OperationError.badRequest` for an unknown endpoint; `StoreError`
    package static func read(
        _ store: Store, endpoint: String?, label: String?, after: Int64, limit: Int
    ) throws -> ResultPage {
        try store.reading {
            try OperationError.requireKnown(endpoint: endpoint, account: nil, in: store)
            let part = try store.results(
                after: after, endpoint: endpoint, label: label, limit: ListPage.limit(limit))
            return ResultPage(
                items: part.items.map(ResultRecord.init), cursor: String(part.lastRevision))
        }
    }

    /// The revision of a cursor; 0 for none.
    ///
    /// - Throws: `OperationError.badRequest` for one that no page has given.
    package static func revision(_ cursor: String?) throws -> Int64 {
        guard let cursor else { return 0 }
        guard let revision = Int64(cursor), revision >= 0 else { throw ListPage.malformed(cursor) }
        return revision
    }
}

/// The latest result of one product, or how far it is. Its JSON is a contract: fields are added, never
/// renamed.
package struct ResultReport: Encodable {
    package var endpoint: String
    /// In the canonical text of the queue and the results.
    package var product: String
    package var result: ResultRecord?
    /// The open job of the product, or its last one as far as that is known.
    package var job: JobRecord?

    private enum CodingKeys: CodingKey { case endpoint, product, found, state, jobID, error }

    package func encode(to encoder: any Encoder) throws {
        try result?.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        if result == nil {
            try container.encode(endpoint, forKey: .endpoint)
            try container.encode(product, forKey: .product)
            try container.encode(false, forKey: .found)
        }
        try container.encodeIfPresent(job?.state, forKey: .state)
        try container.encodeIfPresent(job?.id, forKey: .jobID)
        try container.encodeIfPresent(job?.error, forKey: .error)
    }

    /// - Parameter product: As people write it: an ASIN in any case, a code with hyphens.
    /// - Returns: nil if the product was never asked, as far as the database knows.
    /// - Throws: `OperationError.badRequest` for an unknown endpoint; `StoreError`
    package static func read(
        _ store: Store, endpoint: String, product: String, at now: Timestamp
    ) throws -> ResultReport? {
        try store.reading {
            try OperationError.requireKnown(endpoint: endpoint, account: nil, in: store)
            let canonical = try canonical(product, at: endpoint)
            let result = try store.result(canonical, at: endpoint).map(ResultRecord.init)
            let job = try store.lastJob(of: canonical, at: endpoint, now: now)
            if result == nil && job == nil { return nil }
            return ResultReport(
                endpoint: endpoint, product: canonical, result: result,
                job: job.map(JobRecord.init))
        }
    }
}

extension ResultReport {
    /// - Throws: `OperationError.badRequest` for text that is no product of the endpoint.
    private static func canonical(_ product: String, at endpoint: String) throws -> String {
        guard let form = Catalog.current.endpoint(named: endpoint)?.form else { return product }
        do {
            return try form.product(product)
        } catch {
            throw OperationError(
                .badRequest,
                "\(TerminalText.excerpt(product, 60)) is not \(form.one): \(error).\nTry: use \(form.one) such as \(form.example)."
            )
        }
    }
}
