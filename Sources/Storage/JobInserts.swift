internal import GRDB
internal import Planning

/// Adds jobs: on SQLite one by one, with one prepared statement for each endpoint; on a server a whole list at
/// once, because a round trip for each product would take most of the time.
final class JobInserts {
    private let db: Database
    private let options: EnqueueOptions
    private let enqueuedAt: Timestamp
    private var statements: [String: (Statement, StatementArguments)] = [:]
    /// Of the list that was added at once: its endpoint, the products that got a job and were not reported yet,
    /// and those whose result is recent enough.
    private var listed: (endpoint: String, added: Set<String>, fresh: Set<String>)?

    /// The columns that all jobs of an endpoint have in common, apart from their product.
    private struct Columns {
        var names: [String] = []
        /// Casts of the arguments, where they are not texts.
        var casts: [String?] = []
        var arguments: StatementArguments = []

        mutating func add(_ name: String, _ text: String?) {
            names.append(name)
            casts.append(nil)
            arguments += [text]
        }

        mutating func add(_ name: String, _ number: Int64) {
            names.append(name)
            casts.append("bigint")
            arguments += [number]
        }
    }

    init(_ db: Database, _ options: EnqueueOptions, now: Timestamp) {
        self.db = db
        self.options = options
        enqueuedAt = now
    }

    func isFresh(_ product: String, at endpoint: String) throws -> Bool {
        if let listed, listed.endpoint == endpoint { return listed.fresh.contains(product) }
        return try db.isFresh(product, at: endpoint, since: options.freshSince)
    }

    /// - Returns: false if a job for the product is open.
    func add(_ product: String, at endpoint: EndpointReference) throws -> Bool {
        if listed?.endpoint == endpoint.name { return listed?.added.remove(product) != nil }
        let (statement, constants) = try statement(endpoint)
        try statement.execute(uncheckedArguments: [product] + constants)
        return db.changesCount == 1
    }

    /// Adds a job for each product that has neither a fresh result nor an open job, for PostgreSQL. `add` then
    /// reports them one by one.
    ///
    /// Ids are drawn in the list's order. Rows are inserted in the order of products, so that programs that add
    /// the same products at the same time do not wait for each other in a circle.
    func addAll(_ products: [String], at endpoint: EndpointReference) throws {
        let fresh = try freshProducts(among: products, at: endpoint)
        let list = try Database.jsonArray(
            fresh.isEmpty ? products : products.filter { !fresh.contains($0) })
        let columns = try columns(of: endpoint)
        let values = columns.casts.enumerated().map { index, cast in
            cast.map { "CAST(?\(index + 2) AS \($0))" } ?? "?\(index + 2)"
        }
        let added = try String.fetchAll(
            db,
            sql: """
                INSERT INTO queue (id, product, \(columns.names.joined(separator: ", ")))
                OVERRIDING SYSTEM VALUE
                SELECT id, value, \(values.joined(separator: ", ")) FROM (
                    SELECT nextval('queue_id_seq') AS id, value FROM (
                        SELECT value FROM json_each(?1) ORDER BY key OFFSET 0) AS listed
                    OFFSET 0) AS numbered
                ORDER BY value COLLATE "C" ON CONFLICT DO NOTHING RETURNING product
                """, arguments: [list] + columns.arguments)
        listed = (endpoint.name, Set(added), fresh)
    }

    private func freshProducts(
        among products: [String], at endpoint: EndpointReference
    ) throws -> Set<String> {
        guard let since = options.freshSince else { return [] }
        return Set(
            try String.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT product FROM json_each(?) AS asked
                    JOIN result ON result.endpoint = ? AND result.product = asked.value
                    WHERE fetched_at >= ?
                    """,
                arguments: [
                    try Database.jsonArray(products), endpoint.name, since.milliseconds,
                ]))
    }

    private func statement(_ endpoint: EndpointReference) throws -> (Statement, StatementArguments)
    {
        if let known = statements[endpoint.name] { return known }
        let columns = try columns(of: endpoint)
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO queue (product, \(columns.names.joined(separator: ", ")))
                VALUES (?\(String(repeating: ", ?", count: columns.names.count)))
                """)
        statements[endpoint.name] = (statement, columns.arguments)
        return (statement, columns.arguments)
    }

    private func columns(of endpoint: EndpointReference) throws -> Columns {
        var columns = Columns()
        columns.add("endpoint", endpoint.name)
        columns.add("priority", Int64(options.priority))
        columns.add("label", options.label)
        columns.add("enqueued_at", enqueuedAt.milliseconds)
        columns.add("not_before", options.notBefore?.milliseconds ?? 0)
        if let account = options.account,
            try db.accountProvider(account) == endpoint.provider
        {
            columns.add("account", account)
        }
        if endpoint.hasPages { columns.add("pages", Int64(options.pages)) }
        if endpoint.leadsTo != nil, let maxAge = options.thenLookup {
            columns.add("then_lookup", maxAge.milliseconds)
        }
        return columns
    }
}
