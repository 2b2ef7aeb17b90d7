internal import Foundation
internal import GRDB
internal import PostgreSQL

/// A value of a column.
protocol ColumnValue: DatabaseValueConvertible, StatementColumnConvertible {
    /// - Parameter text: As PostgreSQL writes it.
    /// - Returns: nil for a value of another type.
    init?(postgreSQL text: String)
}

extension Int: ColumnValue {
    init?(postgreSQL text: String) {
        guard let number = Int64(postgreSQL: text) else { return nil }
        self = Int(number)
    }
}

extension Int64: ColumnValue {
    init?(postgreSQL text: String) {
        // A Boolean is 0 or 1 on SQLite.
        switch text {
        case "t": self = 1
        case "f": self = 0
        default: self.init(text)
        }
    }
}

extension Double: ColumnValue {
    init?(postgreSQL text: String) { self.init(text) }
}

extension Bool: ColumnValue {
    init?(postgreSQL text: String) { self = text != "f" && text != "0" }
}

extension String: ColumnValue {
    init?(postgreSQL text: String) { self = text }
}

extension Data: ColumnValue {
    init?(postgreSQL text: String) { self = Data(text.utf8) }
}

/// A row of a statement. One of a cursor is valid until the next one is read.
struct Row {
    enum Source {
        case sqlite(GRDB.Row)
        case postgreSQL(PostgreSQLResult, Int)
    }

    let source: Source

    var count: Int {
        switch source {
        case .sqlite(let row): row.count
        case .postgreSQL(let result, _): result.columnCount
        }
    }

    subscript<Value: ColumnValue>(index: Int) -> Value? {
        switch source {
        case .sqlite(let row): return row[index]
        case .postgreSQL(let result, let row):
            guard let text = result.text(row: row, column: index) else { return nil }
            guard let value = Value(postgreSQL: text) else {
                preconditionFailure(
                    "\(text) in column \(result.name(of: index)) is no \(Value.self)")
            }
            return value
        }
    }

    subscript<Value: ColumnValue>(index: Int) -> Value {
        switch source {
        case .sqlite(let row): return row[index]
        case .postgreSQL(let result, _):
            guard let value = self[index] as Value? else {
                preconditionFailure("column \(result.name(of: index)) is NULL")
            }
            return value
        }
    }

    subscript<Value: ColumnValue>(name: String) -> Value {
        switch source {
        case .sqlite(let row): row[name]
        case .postgreSQL: self[index(of: name)]
        }
    }

    subscript<Value: ColumnValue>(name: String) -> Value? {
        switch source {
        case .sqlite(let row): row[name]
        case .postgreSQL: self[index(of: name)]
        }
    }

    private func index(of name: String) -> Int {
        guard case .postgreSQL(let result, _) = source,
            let index = (0..<result.columnCount).first(where: { result.name(of: $0) == name })
        else { preconditionFailure("no column \(name)") }
        return index
    }

    func isNull(_ index: Int) -> Bool {
        switch source {
        case .sqlite(let row): row.hasNull(atIndex: index)
        case .postgreSQL(let result, let row): result.text(row: row, column: index) == nil
        }
    }

    /// Each value as text; nil: NULL.
    var texts: [String?] {
        switch source {
        case .sqlite(let row):
            row.databaseValues.map { value in
                value.isNull ? nil : String.fromDatabaseValue(value) ?? value.description
            }
        case .postgreSQL(let result, let row):
            (0..<result.columnCount).map { column in
                result.text(row: row, column: column).map {
                    result.isBoolean(column) ? ($0 == "t" ? "1" : "0") : $0
                }
            }
        }
    }
}

/// Rows that are read one by one.
final class RowCursor {
    private enum Source {
        case sqlite(GRDB.RowCursor)
        case postgreSQL(PostgreSQLTransaction, name: String)
    }

    /// How many rows PostgreSQL sends in one round trip.
    private static let batchRows = 500

    private let source: Source
    private var batch: PostgreSQLResult?
    private var position = 0

    fileprivate init(_ statement: Statement, _ arguments: StatementArguments) throws {
        switch statement.prepared {
        case .sqlite(let prepared):
            source = .sqlite(try GRDB.Row.fetchCursor(prepared, arguments: arguments.sqlite))
        case .postgreSQL(let transaction, let sql):
            let name = transaction.newName()
            try transaction.execute(
                PostgreSQLStatement(
                    "DECLARE \(name) NO SCROLL CURSOR FOR \(sql)", arguments.texts))
            source = .postgreSQL(transaction, name: name)
        }
    }

    func next() throws -> Row? {
        switch source {
        case .sqlite(let cursor): return try cursor.next().map { Row(source: .sqlite($0)) }
        case .postgreSQL(let transaction, let name):
            if batch.map({ position == $0.rowCount }) ?? true {
                if let batch, batch.rowCount < Self.batchRows { return nil }
                batch = try transaction.result(
                    PostgreSQLStatement("FETCH \(Self.batchRows) FROM \(name)"))
                position = 0
                if batch?.rowCount == 0 { return nil }
            }
            position += 1
            return batch.map { Row(source: .postgreSQL($0, position - 1)) }
        }
    }
}

extension Row {
    static func fetchCursor(
        _ statement: Statement, arguments: StatementArguments = []
    ) throws -> RowCursor {
        try RowCursor(statement, arguments)
    }

    static func fetchAll(
        _ statement: Statement, arguments: StatementArguments = []
    ) throws -> [Row] {
        switch statement.prepared {
        case .sqlite(let prepared):
            return try GRDB.Row.fetchAll(prepared, arguments: arguments.sqlite)
                .map { Row(source: .sqlite($0)) }
        case .postgreSQL(let transaction, let sql):
            let known = try transaction.result(PostgreSQLStatement(sql, arguments.texts))
            guard let result = known else { return [] }
            return (0..<result.rowCount).map { Row(source: .postgreSQL(result, $0)) }
        }
    }

    static func fetchOne(
        _ statement: Statement, arguments: StatementArguments = []
    ) throws -> Row? {
        switch statement.prepared {
        case .sqlite(let prepared):
            return try GRDB.Row.fetchOne(prepared, arguments: arguments.sqlite)
                .map { Row(source: .sqlite($0)) }
        case .postgreSQL: return try fetchAll(statement, arguments: arguments).first
        }
    }

    static func fetchAll(
        _ db: Database, sql: String, arguments: StatementArguments = []
    ) throws -> [Row] {
        try fetchAll(db.makeStatement(sql: sql), arguments: arguments)
    }

    static func fetchOne(
        _ db: Database, sql: String, arguments: StatementArguments = []
    ) throws -> Row? {
        try fetchOne(db.makeStatement(sql: sql), arguments: arguments)
    }
}

extension ColumnValue {
    static func fetchAll(
        _ statement: Statement, arguments: StatementArguments = []
    ) throws -> [Self] {
        try Row.fetchAll(statement, arguments: arguments).map { $0[0] }
    }

    /// The first column of the first row; nil: NULL, or no row.
    static func fetchOne(
        _ statement: Statement, arguments: StatementArguments = []
    ) throws -> Self? {
        try Row.fetchOne(statement, arguments: arguments)?[0]
    }

    static func fetchAll(
        _ db: Database, sql: String, arguments: StatementArguments = []
    ) throws -> [Self] {
        try fetchAll(db.makeStatement(sql: sql), arguments: arguments)
    }

    static func fetchOne(
        _ db: Database, sql: String, arguments: StatementArguments = []
    ) throws -> Self? {
        try fetchOne(db.makeStatement(sql: sql), arguments: arguments)
    }
}
