internal import GRDB
internal import PostgreSQL

/// A statement of a connection.
struct Statement {
    enum Prepared {
        case sqlite(GRDB.Statement)
        case postgreSQL(PostgreSQLTransaction, _ sql: String)
    }

    let database: Database
    let prepared: Prepared

    init(_ database: Database, _ prepared: Prepared) {
        self.database = database
        self.prepared = prepared
    }

    /// - Parameter changes: How many rows must change, which were read in this transaction; nil: any number.
    func execute(arguments: StatementArguments = [], changes: Int? = nil) throws {
        switch prepared {
        case .sqlite(let statement):
            try statement.execute(arguments: arguments.sqlite)
            precondition(changes.map { $0 == database.changesCount } ?? true, statement.sql)
        case .postgreSQL(let transaction, let sql):
            try transaction.execute(PostgreSQLStatement(sql, arguments.texts), changes: changes)
        }
    }

    /// The same without a check of the number of arguments.
    func execute(uncheckedArguments arguments: StatementArguments) throws {
        switch prepared {
        case .sqlite(let statement):
            statement.setUncheckedArguments(arguments.sqlite)
            try statement.execute()
        case .postgreSQL: try execute(arguments: arguments)
        }
    }
}

/// The arguments of a statement, in the order of its placeholders.
struct StatementArguments: ExpressibleByArrayLiteral, Sendable {
    private(set) var values: [DatabaseValue]

    init(arrayLiteral elements: (any DatabaseValueConvertible)?...) {
        values = elements.map { $0?.databaseValue ?? .null }
    }

    private init(_ values: [DatabaseValue]) {
        self.values = values
    }

    static func + (left: StatementArguments, right: StatementArguments) -> StatementArguments {
        StatementArguments(left.values + right.values)
    }

    static func += (left: inout StatementArguments, right: StatementArguments) {
        left.values += right.values
    }

    var sqlite: GRDB.StatementArguments { GRDB.StatementArguments(values) }

    /// As PostgreSQL reads them.
    var texts: [String?] {
        values.map { value in
            switch value.storage {
            case .null: nil
            case .int64(let number): String(number)
            case .double(let number): String(number)
            case .string(let text): text
            case .blob(let bytes): String(decoding: bytes, as: UTF8.self)
            }
        }
    }
}
