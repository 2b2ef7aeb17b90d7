package import Planning
internal import Providers
package import Storage

/// All that is known of one product. Its JSON is a contract: fields are added, never renamed.
package struct ProductReport: Encodable {
    package struct Job: Encodable {
        package var job: JobRecord
        /// nil for a job that does not wait.
        package var outlook: JobOutlook?

        package func encode(to encoder: any Encoder) throws {
            try job.encode(to: encoder)
            try outlook?.encode(to: encoder)
        }
    }

    /// The product at one endpoint.
    package struct Place: Encodable {
        package var endpoint: String
        /// In the canonical text of the endpoint's form.
        package var product: String
        /// The latest first: open ones, and earlier ones as far as they can be found.
        package var jobs: [Job]
        /// The latest first.
        package var calls: [LedgerLine]
        package var result: ResultRecord?

        private enum CodingKeys: CodingKey { case endpoint, product, jobs, calls, result }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(endpoint, forKey: .endpoint)
            try container.encode(product, forKey: .product)
            try container.encode(jobs, forKey: .jobs)
            try container.encode(calls.map(CallRecord.init), forKey: .calls)
            try container.encodeIfPresent(result, forKey: .result)
        }
    }

    /// As it was written.
    package var product: String
    /// Endpoints at which something is known of it.
    package var endpoints: [Place]
    /// The endpoints whose products can be written so.
    package var tried: [String]

    private enum CodingKeys: CodingKey { case product, endpoints }

    package static let jobsMax = 20
    package static let callsMax = 10

    /// All of it as it was at one moment.
    ///
    /// - Parameters:
    ///   - product: As people write it: an ASIN in any case or in an address, a code with hyphens.
    ///   - names: The endpoints that are meant.
    /// - Throws: `StoreError`
    package static func read(
        _ settings: Settings, _ store: Store, product: String, endpoints names: [String],
        at now: Timestamp
    ) throws -> ProductReport {
        let written = written(product, at: names)
        return try store.reading {
            ProductReport(
                product: product,
                endpoints: try written.compactMap { endpoint, canonical in
                    try Place.read(settings, store, canonical, at: endpoint, now)
                },
                tried: written.map(\.endpoint))
        }
    }

    /// The canonical text of the product at each endpoint that can have it. A text that no endpoint can have,
    /// but for queries, may be of an earlier version, and is taken as it is.
    private static func written(
        _ product: String, at names: [String]
    ) -> [(endpoint: String, product: String)] {
        let endpoints = names.compactMap(Catalog.current.endpoint(named:))
        let known = endpoints.map { ($0, try? $0.form.product(product)) }
        let isQueryAtMost = known.allSatisfy { $0.form.isWholeLine || $1 == nil }
        return known.compactMap { endpoint, canonical in
            (canonical ?? (isQueryAtMost ? product : nil)).map { (endpoint.name, $0) }
        }
    }
}

extension ProductReport.Place {
    /// nil where nothing is known.
    fileprivate static func read(
        _ settings: Settings, _ store: Store, _ product: String, at endpoint: String,
        _ now: Timestamp
    ) throws -> ProductReport.Place? {
        let history = try store.history(
            of: product, at: endpoint, jobsMax: ProductReport.jobsMax,
            callsMax: ProductReport.callsMax, now: now)
        if history.isEmpty { return nil }
        return ProductReport.Place(
            endpoint: endpoint, product: product,
            jobs: try history.jobs.map { job in
                ProductReport.Job(
                    job: JobRecord(job),
                    outlook: try JobOutlook.read(job, settings, store, at: now))
            }, calls: history.calls, result: history.result.map(ResultRecord.init))
    }
}
