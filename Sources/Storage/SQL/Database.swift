internal import GRDB

/// A connection to a database within a transaction, on either engine. The same statements run on both.
///
/// A statement is SQL of SQLite. `PostgreSQLDialect` describes what is translated; what it does not translate
/// must mean the same on both.
final class Database {
    enum Connection {
        case sqlite(GRDB.Database)
        case postgreSQL(PostgreSQLTransaction)
    }

    let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    var isPostgreSQL: Bool {
        if case .postgreSQL = connection { true } else { false }
    }

    /// A statement that is prepared once for each connection, where the engine prepares statements.
    func cachedStatement(sql: String) throws -> Statement {
        switch connection {
        case .sqlite(let db): Statement(self, .sqlite(try db.cachedStatement(sql: sql)))
        case .postgreSQL(let transaction):
            Statement(self, .postgreSQL(transaction, PostgreSQLDialect.translated(sql)))
        }
    }

    /// A statement of which several cursors may be open at once.
    func makeStatement(sql: String) throws -> Statement {
        switch connection {
        case .sqlite(let db): Statement(self, .sqlite(try db.makeStatement(sql: sql)))
        case .postgreSQL: try cachedStatement(sql: sql)
        }
    }

    func execute(sql: String, arguments: StatementArguments = []) throws {
        switch connection {
        case .sqlite(let db): try db.execute(sql: sql, arguments: arguments.sqlite)
        case .postgreSQL: try cachedStatement(sql: sql).execute(arguments: arguments)
        }
    }

    /// The rows that the last statement changed.
    var changesCount: Int {
        switch connection {
        case .sqlite(let db): db.changesCount
        case .postgreSQL(let transaction): transaction.changedRows
        }
    }

    /// Runs `body`; if it throws, nothing of it is written, and the transaction continues.
    func inSavepoint(_ body: () throws -> Void) throws {
        switch connection {
        case .sqlite(let db):
            try db.inSavepoint {
                try body()
                return .commit
            }
        case .postgreSQL(let transaction):
            let name = transaction.newName()
            transaction.enqueue("SAVEPOINT \(name)")
            do {
                try body()
            } catch {
                transaction.enqueue("ROLLBACK TO \(name)")
                transaction.enqueue("RELEASE \(name)")
                throw error
            }
            transaction.enqueue("RELEASE \(name)")
        }
    }

    /// Runs `body`, which only reads, in few round trips on a server. There it is run several times: until all
    /// rows are known, a statement may have none. See `PostgreSQLTransaction.together`.
    func together<Value>(_ body: () throws -> Value) throws -> Value {
        switch connection {
        case .sqlite: try body()
        case .postgreSQL(let transaction): try transaction.together(body)
        }
    }

    /// Within `together`: what follows depends on rows that were read before.
    func awaitRows() throws {
        if case .postgreSQL(let transaction) = connection { try transaction.awaitRows() }
    }

    /// Runs `body`, the last writes of a transaction, in one round trip on a server. If the schema rejects one of
    /// them, `body` is run again.
    func finish<Value>(_ body: () throws -> Value) throws -> Value {
        switch connection {
        case .sqlite: try body()
        case .postgreSQL(let transaction): try transaction.finish(body)
        }
    }
}
