internal import GRDB
internal import Planning

/// A result with its place in the order in which results were stored.
package struct ResultLine: Equatable, Sendable {
    package var revision: Int64
    package var endpoint: String
    package var result: StoredResult
    /// The call that brought it.
    package var callID: Int64
}

extension ResultLine {
    static let columns = """
        revision, endpoint, \(Database.bytes("product")), found, \(Database.bytes("body")), \
        fetched_at, call_id
        """

    init(_ row: Row) {
        revision = row[0]
        endpoint = row[1]
        result = StoredResult(
            product: row.text(at: 2), isFound: row[3],
            body: row.isNull(4) ? nil : row.text(at: 4),
            fetchedAt: Timestamp(milliseconds: row[5]))
        callID = row[6]
    }
}

extension Store {
    /// The latest result of a product at an endpoint.
    package func result(_ product: String, at endpoint: String) throws -> ResultLine? {
        try read { db in
            try Row.fetchOne(
                db,
                sql: "SELECT \(ResultLine.columns) FROM result WHERE endpoint = ? AND product = ?",
                arguments: [endpoint, product]
            ).map { ResultLine($0) }
        }
    }
}
