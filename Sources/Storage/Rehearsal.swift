internal import GRDB
package import Planning

/// An enqueue that writes nothing to the database, which may be open for reading only.
///
/// It keeps what it would have added and changed in a temporary database of its own, which is on disk if it is
/// large.
package final class Rehearsal: Sendable {
    private let store: Store
    private let rehearsed: DatabaseQueue

    /// - Throws: `StoreError` if there is no room for temporary files.
    package init(_ store: Store) throws {
        self.store = store
        rehearsed = try store.explained {
            let queue = try DatabaseQueue(path: "")
            try queue.inDatabase { db in
                try db.execute(
                    sql: """
                        CREATE TABLE rehearsed (
                            endpoint TEXT, product TEXT, PRIMARY KEY (endpoint, product)
                        ) WITHOUT ROWID
                        """)
            }
            return queue
        }
    }

    /// What `Store.enqueue` would do with these products, and with those rehearsed before.
    package func enqueue(
        _ products: [String], at endpoint: String, _ options: EnqueueOptions, now: Timestamp,
        followUp: @escaping (String) -> String? = { _ in nil }
    ) throws -> Enqueued {
        try store.read { db in
            let facts = try ProductFacts(
                db, products, at: endpoint, options, now: now, followUp: followUp)
            if db.isPostgreSQL {
                try facts.readOpenJobs(products, at: facts.endpoint)
                for (lookups, next) in facts.wanted.dropFirst() {
                    try facts.readOpenJobs(lookups, at: next)
                }
            }
            return try rehearsed.write { rehearsed in
                let insert = try rehearsed.cachedStatement(
                    sql: "INSERT OR IGNORE INTO rehearsed (endpoint, product) VALUES (?, ?)")
                func isFirst(_ product: String, _ endpoint: String) throws -> Bool {
                    try insert.execute(arguments: [endpoint, product])
                    return rehearsed.changesCount == 1
                }
                return try facts.enqueue(
                    add: { product, endpoint in
                        try facts.openJob(product, at: endpoint) == nil
                            && isFirst(product, endpoint.name)
                    },
                    improve: { try isFirst($0, endpoint) })
            }
        }
    }
}
