internal import GRDB
internal import Planning

/// Adds jobs: on SQLite one by one, with one prepared statement for each endpoint; on a server a whole list at
/// once, because a round trip for each product would take most of the time.
final class JobInserts {
    private let db: Database
    private let options: EnqueueOptions
    private let enqueuedAt: Timestamp
    private var statements: [String: (Statement, StatementArguments)] = [:]
    /// Of lists that were added at once: the products that got a job and were not reported yet, by endpoint.
    private var listed: [String: Set<String>] = [:]

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

    /// - Returns: false if a job for the product is open.
    func add(_ product: String, at endpoint: EndpointReference) throws -> Bool {
        if db.isPostgreSQL { return listed[endpoint.name]?.remove(product) != nil }
        let (statement, constants) = try statement(endpoint)
        try statement.execute(uncheckedArguments: [product] + constants)
        return db.changesCount == 1
    }

    /// Adds a job for each product that has no open one, for PostgreSQL. `add` then reports them one by one.
    ///
    /// Ids are drawn in the list's order. Rows are inserted in the order of products, so that programs that add
    /// the same products at the same time do not wait for each other in a circle.
    func addAll(_ products: [String], at endpoint: EndpointReference) throws {
        let list = try Database.jsonArray(products)
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
        listed[endpoint.name] = Set(added)
    }

    /// The products of a list that got a job and were not reported yet.
    func added(at endpoint: String) -> Set<String> { listed[endpoint] ?? [] }

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
