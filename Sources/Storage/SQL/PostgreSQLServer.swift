internal import Foundation
internal import PostgreSQL
internal import Schema

/// A database of a PostgreSQL server: one connection, which is opened again after it was lost.
final class PostgreSQLServer: @unchecked Sendable {
    /// URLs that libpq takes.
    private static let schemes = ["postgres://", "postgresql://"]

    private let url: String
    private let lockWait: Duration
    /// Protects what follows. A read within another one's body is a part of the same transaction.
    private let lock = NSRecursiveLock()
    private var connection: PostgreSQLConnection?
    private var current: Database?

    /// Whether a database's path is a server's URL.
    static func isURL(_ path: String) -> Bool { schemes.contains(where: path.hasPrefix) }

    /// A URL without its passwords, for messages. Where one is not encoded, what may be a part of it is left out.
    static func shown(_ url: String) -> String {
        var shown = url
        if let start = url.range(of: "://")?.upperBound, let at = url.lastIndex(of: "@"),
            let colon = url[start..<at].firstIndex(of: ":")
        {
            shown = String(url[..<colon] + url[at...])
        }
        guard let mark = shown.firstIndex(of: "?") else { return shown }
        let kept = shown[shown.index(after: mark)...].split(separator: "&").filter {
            let name = String($0.prefix { $0 != "=" }).removingPercentEncoding
            return name?.lowercased().hasSuffix("password") == false
        }
        return shown[..<mark] + (kept.isEmpty ? "" : "?\(kept.joined(separator: "&"))")
    }

    init(_ url: String, lockWait: Duration) {
        self.url = url
        self.lockWait = lockWait
    }

    /// How often the connection has waited for the server since it was opened.
    var roundTrips: Int { connection?.roundTrips ?? 0 }

    /// Another connection to the same database.
    func another() -> PostgreSQLServer { PostgreSQLServer(url, lockWait: lockWait) }

    /// One transaction, which sees what others have committed before each statement.
    ///
    /// - Parameter beforeCommit: Called just before the commit; an error that it throws rolls back.
    func write<Value>(
        beforeCommit: (() throws -> Void)? = nil, _ body: (Database) throws -> Value
    ) throws -> Value {
        try transaction("READ COMMITTED", beforeCommit: beforeCommit, body)
    }

    /// One transaction that sees one state. It may write to tables of its own.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        lock.lock()
        defer { lock.unlock() }
        if let current { return try body(current) }
        return try transaction("REPEATABLE READ", body)
    }

    /// One statement, as a transaction of its own.
    func runAlone(_ sql: String, _ arguments: [String]) throws -> PostgreSQLResult {
        lock.lock()
        defer { lock.unlock() }
        do {
            return try opened().execute(sql, arguments)
        } catch let error as PostgreSQLError where error.isConnectionLost {
            connection = nil
            throw error
        }
    }

    /// Runs `body` on the connection, outside of a transaction.
    func run<Value>(_ body: (PostgreSQLConnection) throws -> Value) throws -> Value {
        lock.lock()
        defer { lock.unlock() }
        return try body(try opened())
    }

    private func transaction<Value>(
        _ isolation: String, beforeCommit: (() throws -> Void)? = nil,
        _ body: (Database) throws -> Value
    ) throws -> Value {
        lock.lock()
        defer { lock.unlock() }
        precondition(current == nil, "a transaction within another")
        let wasOpen = connection?.isOpen ?? false
        let transaction = PostgreSQLTransaction(
            begin(isolation), on: try opened(),
            reconnect: wasOpen
                ? {
                    self.connection = nil
                    return try self.opened()
                } : nil, beforeCommit: beforeCommit)
        let database = Database(.postgreSQL(transaction))
        current = database
        defer { current = nil }
        do {
            let value = try body(database)
            try transaction.commit()
            return value
        } catch {
            transaction.rollBack()
            if let error = error as? PostgreSQLError, error.isConnectionLost { connection = nil }
            throw error
        }
    }

    /// A host that is cut off or frozen in a transaction that writes would keep its locks: the server ends it.
    private func begin(_ isolation: String) -> [PostgreSQLStatement] {
        let waitMilliseconds = lockWait.components.seconds * 1_000 + 1
        let idleMilliseconds = isolation == "READ COMMITTED" ? 8_000 : 0
        return [
            PostgreSQLStatement("BEGIN ISOLATION LEVEL \(isolation)"),
            PostgreSQLStatement("SET LOCAL search_path = asinqd, pg_temp"),
            PostgreSQLStatement("SET LOCAL lock_timeout = \(waitMilliseconds)"),
            PostgreSQLStatement(
                "SET LOCAL idle_in_transaction_session_timeout = \(idleMilliseconds)"),
        ]
    }

    /// A connection that no transaction of this object uses.
    func newConnection() throws -> PostgreSQLConnection { try PostgreSQLConnection(url) }

    private func opened() throws -> PostgreSQLConnection {
        if let connection, connection.isOpen { return connection }
        let connection = try newConnection()
        self.connection = connection
        return connection
    }
}

extension PostgreSQLServer {
    /// Installs the schema in a database without it, or checks its version.
    /// - Throws: `StoreError`, `PostgreSQLError`
    func prepare(_ access: Store.Access, shown: String) throws {
        try run { connection in
            let encoding = try connection.execute("SHOW server_encoding").text(row: 0, column: 0)
            if let encoding, encoding != "UTF8" {
                throw StoreError.otherEncoding(url: shown, encoding: encoding)
            }
            if access == .create, try version(connection) == nil {
                try connection.run("BEGIN; SELECT pg_advisory_xact_lock(1634954865)")
                do {
                    // Another process may have been faster.
                    if try version(connection) == nil {
                        try connection.run(DatabaseSchema.postgreSQL)
                    }
                    try connection.run("COMMIT")
                } catch {
                    try? connection.run("ROLLBACK")
                    throw error
                }
            }
            let known = DatabaseSchema.latestVersion
            guard let version = try version(connection) else {
                throw StoreError.missing(path: shown)
            }
            if version > known {
                throw StoreError.newer(path: shown, version: version, known: known)
            }
            if version < known {
                throw StoreError.older(path: shown, version: version, known: known)
            }
        }
    }

    private func version(_ connection: PostgreSQLConnection) throws -> Int? {
        let exists = try connection.execute(
            "SELECT to_regclass('asinqd.schema_version') IS NOT NULL")
        guard exists.text(row: 0, column: 0) == "t" else { return nil }
        return try connection.execute("SELECT version FROM asinqd.schema_version")
            .integer(row: 0, column: 0).map { Int($0) }
    }
}
