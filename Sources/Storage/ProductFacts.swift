internal import GRDB
internal import Planning

/// What is stored about a list of products that are enqueued at an endpoint.
///
/// A file is asked about one product at a time. A server is asked about all of them at once, because a round trip
/// for each product would take most of the time.
final class ProductFacts {
    let endpoint: EndpointReference
    /// The endpoint that results lead to.
    let next: EndpointReference?
    private let db: Database
    let products: [String]
    let options: EnqueueOptions
    let enqueuedAt: Timestamp
    private let followUp: (_ body: String) -> String?

    /// Of a server: the products whose result is recent enough, and the lookups that are to follow them at once.
    private var fresh: Set<String> = []
    private var lookups: [String: String] = [:]
    /// Of a server: open jobs by endpoint and product.
    private var open: [String: [String: OpenJob]] = [:]
    /// Open jobs with changes that are not written yet.
    private var changed: [String: OpenJob] = [:]

    /// - Parameter followUp: The product that a result's body leads to, if any.
    init(
        _ db: Database, _ products: [String], at endpoint: String, _ options: EnqueueOptions,
        now: Timestamp, followUp: @escaping (_ body: String) -> String?
    ) throws {
        self.db = db
        self.products = products
        self.options = options
        enqueuedAt = now
        self.followUp = followUp
        self.endpoint = try db.endpointReference(endpoint)
        next = try self.endpoint.leadsTo.map { try db.endpointReference($0) }
        guard db.isPostgreSQL else { return }
        fresh = try db.freshProducts(among: products, at: endpoint, since: options.freshSince)
        guard let next, let lookupsSince, !fresh.isEmpty else { return }
        let bodies = try db.resultBodies(products.filter(fresh.contains), at: endpoint)
        let wanted = bodies.compactMapValues(followUp)
        let known = try db.freshProducts(
            among: Array(Set(wanted.values)), at: next.name, since: lookupsSince)
        lookups = wanted.filter { !known.contains($0.value) }
    }

    /// The products of a server that are to get a job unless one is open, at each endpoint.
    var wanted: [(products: [String], endpoint: EndpointReference)] {
        let asked = (products.filter { !fresh.contains($0) }, endpoint)
        guard let next, !lookups.isEmpty else { return [asked] }
        return [asked, (products.compactMap { lookups[$0] }, next)]
    }

    /// Reads the open jobs of these products from a server.
    func readOpenJobs(_ products: some Sequence<String>, at endpoint: EndpointReference) throws {
        open[endpoint.name] = try db.openJobs(
            Array(products), at: endpoint.name, options.account)
    }

    /// Whether a product's result is recent enough.
    func isFresh(_ product: String) throws -> Bool {
        if db.isPostgreSQL { return fresh.contains(product) }
        return try db.isFresh(product, at: endpoint.name, since: options.freshSince)
    }

    /// The product of the lookup that is to follow a fresh result at once, unless its own result is recent.
    func lookup(after product: String) throws -> String? {
        if db.isPostgreSQL { return lookups[product] }
        guard let next, let lookupsSince,
            let body = try db.resultBody(product, at: endpoint.name), let lookup = followUp(body),
            try !db.isFresh(lookup, at: next.name, since: lookupsSince)
        else { return nil }
        return lookup
    }

    /// The product's job that waits or runs, with the changes so far.
    func openJob(_ product: String) throws -> OpenJob? {
        try changed[product] ?? openJob(product, at: endpoint)
    }

    func openJob(_ product: String, at endpoint: EndpointReference) throws -> OpenJob? {
        if db.isPostgreSQL { return open[endpoint.name]?[product] }
        return try db.openJob(product, at: endpoint.name, options.account)
    }

    func change(_ job: OpenJob, of product: String) {
        changed[product] = job
    }

    /// Writes the changes of open jobs, in the order of their ids: two programs that change the same jobs do not
    /// wait for each other in a circle.
    func writeChanges() throws {
        let update = try db.jobUpdate()
        for job in changed.values.sorted(by: { $0.id < $1.id }) { try update(job) }
    }

    private var lookupsSince: Timestamp? { options.thenLookup.map { enqueuedAt - $0 } }
}

extension Database {
    /// The products whose result is not older than `since`.
    fileprivate func freshProducts(
        among products: [String], at endpoint: String, since: Timestamp?
    ) throws -> Set<String> {
        guard let since, !products.isEmpty else { return [] }
        return Set(
            try String.fetchAll(
                self,
                sql: """
                    SELECT DISTINCT product FROM json_each(?) AS asked
                    JOIN result ON result.endpoint = ? AND result.product = asked.value
                    WHERE fetched_at >= ?
                    """,
                arguments: [try Self.jsonArray(products), endpoint, since.milliseconds]))
    }

    /// The provider's last answers about products that it knows.
    fileprivate func resultBodies(
        _ products: [String], at endpoint: String
    ) throws -> [String: String] {
        let rows = try Row.fetchAll(
            self,
            sql: """
                SELECT product, body FROM json_each(?) AS asked
                JOIN result ON result.endpoint = ? AND result.product = asked.value
                WHERE found = 1
                """,
            arguments: [try Self.jsonArray(products), endpoint])
        return Dictionary(rows.map { ($0[0], $0[1]) }, uniquingKeysWith: { first, _ in first })
    }
}
