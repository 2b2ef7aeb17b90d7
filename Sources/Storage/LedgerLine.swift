internal import GRDB
package import Planning

/// A ledger entry with everything that people and programs read of it.
package struct LedgerLine: Equatable, Sendable {
    package var entry: LedgerEntry
    package var products: [String]
    package var httpStatus: Int?
    package var driftTokens: Int?
    package var message: String?
}

extension LedgerLine {
    static let columns = LedgerEntry.columns + ", products, http_status, drift, message"

    init(_ row: Row) {
        self.init(
            entry: LedgerEntry(row), products: Database.products(inJSON: row["products"]),
            httpStatus: row["http_status"], driftTokens: row["drift"], message: row["message"])
    }
}

extension Store {
    /// Passes each ledger entry to `body`, the latest first: one at a time, however many there are.
    package func ledger(
        limit: Int?, since: Timestamp?, _ body: (LedgerLine) throws -> Void
    ) throws {
        try read { db in
            try db.each(
                """
                SELECT \(LedgerLine.columns) FROM ledger WHERE started_at >= ?
                ORDER BY id DESC LIMIT ?
                """,
                [since?.milliseconds ?? .min, limit.map(Int64.init) ?? .max]
            ) { try body(LedgerLine($0)) }
        }
    }
}
