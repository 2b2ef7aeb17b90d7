package import GRDB

@testable package import Storage

extension Store {
    /// SQL of another program, run on this store's connection.
    package func execute(_ sql: String) throws {
        switch engine {
        case .sqlite: try inFile { db, _ in try db.execute(sql: sql) }
        case .postgreSQL:
            let sql = sql.replacing(#/DROP TRIGGER (?<name>(?<table>[a-z]+)_\w+)/#) {
                "DROP TRIGGER \($0.name) ON \($0.table)"
            }
            for statement in sql.split(separator: #/;(?:\s+|$)/#) {
                try write { try $0.execute(sql: String(statement)) }
            }
        }
    }

    /// A text for each row: its values, separated by `|`, NULL as `-`.
    package func rows(_ sql: String) throws -> [String] {
        try read { try $0.texts(sql) }
    }

    package func number(_ sql: String) throws -> Int {
        try read { try Int.fetchOne($0, sql: sql) ?? 0 }
    }

    /// The contents of all tables.
    package func contents() throws -> [String] {
        try ["queue", "ledger", "result", "lane"].flatMap { table in
            try rows("SELECT '\(table)', \(table).* FROM \(table) ORDER BY 2, 3")
        }
    }

    /// Rows that this connection has ever inserted, changed or deleted; nil: the engine does not count them.
    package func totalChanges() throws -> Int? {
        guard case .sqlite = engine else { return nil }
        return try inFile { db, _ in db.totalChangesCount }
    }
}

extension Storage.Database {
    fileprivate func texts(_ sql: String) throws -> [String] {
        try Storage.Row.fetchAll(self, sql: sql).map { row in
            row.texts.map { $0 ?? "-" }.joined(separator: "|")
        }
    }
}

extension GRDB.Database {
    package func rows(_ sql: String) throws -> [String] {
        try Storage.Database(.sqlite(self)).texts(sql)
    }
}
