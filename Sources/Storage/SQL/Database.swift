internal import GRDB
internal import PostgreSQL

/// A connection to a database within a transaction, on either engine. The same statements run on both.
///
/// A statement is SQL of SQLite. `PostgreSQLDialect` describes what is translated; what it does not translate
/// must mean the same on both.
final class Database {
    enum Connection {
        case sqlite(GRDB.Database)
        case postgreSQL(PostgreSQLConnection)
    }

    let connection: Connection
    /// The rows that the last statement changed, on PostgreSQL.
    var changedRows = 0
    /// Cursors that were opened, which have names on PostgreSQL.
    private var cursors = 0
    private var savepoints = 0

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
        case .postgreSQL(let connection):
            Statement(self, .postgreSQL(connection, PostgreSQLDialect.translated(sql)))
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
        case .postgreSQL: changedRows
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
        case .postgreSQL(let connection):
            savepoints += 1
            let name = "part\(savepoints)"
            try connection.run("SAVEPOINT \(name)")
            do {
                try body()
                try connection.run("RELEASE \(name)")
            } catch {
                try connection.run("ROLLBACK TO \(name); RELEASE \(name)")
                throw error
            }
        }
    }

    func nextCursorName() -> String {
        cursors += 1
        return "cursor\(cursors)"
    }
}
