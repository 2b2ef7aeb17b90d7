internal import GRDB
package import Planning

/// The last answer about one product.
package struct StoredResult: Equatable, Sendable {
    package var product: String
    package var isFound: Bool
    /// JSON, as the provider sent it; nil if the reply had no item for the product.
    package var body: String?
    package var fetchedAt: Timestamp
}

extension Store {
    /// Passes each result of `endpoint` to `body`, in the order of the products: one at a time, however many
    /// there are.
    ///
    /// - Parameter products: Only the results of these, in this order; empty for all.
    package func results(
        at endpoint: String, products: [String], _ body: (StoredResult) throws -> Void
    ) throws {
        try read { db in
            let columns = "result.product, result.found, result.body, result.fetched_at"
            func give(_ row: Row) throws {
                try body(
                    StoredResult(
                        product: row[0], isFound: row[1], body: row[2],
                        fetchedAt: Timestamp(milliseconds: row[3])))
            }
            if products.isEmpty {
                try db.each(
                    "SELECT \(columns) FROM result WHERE endpoint = ? ORDER BY product", [endpoint],
                    give)
            } else {
                try db.each(
                    """
                    SELECT \(columns) FROM json_each(?) AS asked
                    JOIN result ON result.endpoint = ? AND result.product = asked.value
                    ORDER BY asked.key
                    """, [try Database.jsonArray(products), endpoint], give)
            }
        }
    }
}

/// A result's revision and what it is a result of.
package struct ResultRevision: Equatable, Sendable {
    package var revision: Int64
    package var endpoint: String
    package var product: String
}

extension Store {
    /// The revision of the last result that was stored, even if it was pruned since; 0 for none.
    package func lastRevision() throws -> Int64 {
        try read { db in
            try Int64.fetchOne(
                db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'result'") ?? 0
        }
    }

    /// What the result with a revision is about; nil if it was stored again since.
    package func product(ofRevision revision: Int64) throws -> String? {
        try read { db in
            try String.fetchOne(
                db, sql: "SELECT product FROM result WHERE revision = ?", arguments: [revision])
        }
    }

    /// What a program reads that asks for the results it has not seen yet, in the order of their revisions.
    package func revisions(after revision: Int64) throws -> [ResultRevision] {
        try read { db in
            try db.all(
                db.cachedStatement(
                    sql: """
                        SELECT revision, endpoint, product FROM result WHERE revision > ?
                        ORDER BY revision
                        """),
                [revision]
            ) { ResultRevision(revision: $0[0], endpoint: $0[1], product: $0[2]) }
        }
    }
}
