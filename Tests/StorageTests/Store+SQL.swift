import GRDB
import StoreSupport

@testable import Storage

extension Store {
    /// SQL of another program, run on this store's connection.
    func execute(_ sql: String) throws {
        try database.inDatabase { try $0.execute(sql: sql) }
    }

    /// A text for each row: its values, separated by `|`, NULL as `-`.
    func rows(_ sql: String) throws -> [String] {
        try database.inDatabase { try $0.rows(sql) }
    }

    func number(_ sql: String) throws -> Int {
        try database.inDatabase { try Int.fetchOne($0, sql: sql) ?? 0 }
    }

    /// The contents of all tables.
    func contents() throws -> [String] {
        try ["queue", "ledger", "result", "lane"].flatMap { table in
            try rows("SELECT '\(table)', * FROM \(table) ORDER BY 2, 3")
        }
    }

    /// Rows that this connection has ever inserted, changed or deleted.
    func totalChanges() -> Int {
        database.inDatabase { $0.totalChangesCount }
    }
}

extension Database {
    func rows(_ sql: String) throws -> [String] {
        try Row.fetchAll(self, sql: sql).map { row in
            row.databaseValues
                .map { $0.isNull ? "-" : String.fromDatabaseValue($0) ?? $0.description }
                .joined(separator: "|")
        }
    }
}
