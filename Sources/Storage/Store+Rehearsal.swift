internal import GRDB
internal import Planning

extension Store {
    /// What `enqueue` would do with these products, and with those rehearsed before on this store, if
    /// it were done: nothing is written to the database, which may be open for reading only.
    ///
    /// What would be added is kept in a temporary table of this connection, on disk where it is large.
    package func rehearse(
        _ products: [String], at endpoint: String, _ options: EnqueueOptions
    ) throws -> Enqueued {
        try read { db in
            try db.execute(
                sql: """
                    CREATE TEMP TABLE IF NOT EXISTS rehearsed (
                        endpoint TEXT, product TEXT, PRIMARY KEY (endpoint, product)
                    ) WITHOUT ROWID
                    """)
            let open = try db.cachedStatement(
                sql: """
                    SELECT 1 FROM queue INDEXED BY queue_open
                    WHERE endpoint = ? AND product = ? AND state IN ('available', 'running')
                    """)
            let insert = try db.cachedStatement(
                sql: "INSERT OR IGNORE INTO temp.rehearsed (endpoint, product) VALUES (?, ?)")
            var enqueued = Enqueued()
            for product in products {
                if try db.isFresh(product, at: endpoint, options) {
                    enqueued.fresh += 1
                } else if try Int.fetchOne(open, arguments: [endpoint, product]) != nil {
                    enqueued.alreadyOpen += 1
                } else {
                    try insert.execute(arguments: [endpoint, product])
                    if db.changesCount == 1 {
                        enqueued.added += 1
                    } else {
                        enqueued.alreadyOpen += 1
                    }
                }
            }
            return enqueued
        }
    }
}

extension Database {
    /// Whether a result is recent enough for the product not to be asked again.
    func isFresh(_ product: String, at endpoint: String, _ options: EnqueueOptions) throws -> Bool {
        guard let since = options.freshSince else { return false }
        let fetched = try cachedStatement(
            sql: "SELECT fetched_at FROM result WHERE endpoint = ? AND product = ?")
        guard let at = try Int64.fetchOne(fetched, arguments: [endpoint, product]) else {
            return false
        }
        return at >= since.milliseconds
    }
}
