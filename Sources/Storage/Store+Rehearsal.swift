internal import GRDB
package import Planning

extension Store {
    /// What `enqueue` would do with these products, and with those rehearsed before on this store: nothing is
    /// written to the database, which may be open for reading only.
    ///
    /// The additions and changes are kept in a temporary table of this connection, which is on disk if it is
    /// large.
    package func rehearse(
        _ products: [String], at endpoint: String, _ options: EnqueueOptions, now: Timestamp,
        followUp: (String) -> String? = { _ in nil }
    ) throws -> Enqueued {
        try read { db in
            try db.execute(
                sql: """
                    CREATE TEMP TABLE IF NOT EXISTS rehearsed (
                        endpoint TEXT, product TEXT, PRIMARY KEY (endpoint, product)
                    ) WITHOUT ROWID
                    """)
            let insert = try db.cachedStatement(
                sql: "INSERT OR IGNORE INTO temp.rehearsed (endpoint, product) VALUES (?, ?)")
            func isFirst(_ product: String, _ endpoint: String) throws -> Bool {
                try insert.execute(arguments: [endpoint, product])
                return db.changesCount == 1
            }
            return try db.enqueue(
                products, at: endpoint, options, now: now, followUp: followUp,
                isFresh: { try db.isFresh($0, at: $1, since: options.freshSince) },
                add: { product, endpoint in
                    try !db.isOpen(product, at: endpoint.name, options.account)
                        && isFirst(product, endpoint.name)
                },
                improve: { _, product in try isFirst(product, endpoint) })
        }
    }
}
