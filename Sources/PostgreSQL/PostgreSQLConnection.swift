internal import CPostgreSQL

/// A connection to a PostgreSQL server, through libpq. One caller at a time may use it.
///
/// Arguments and rows are texts, which the server converts. No statement is prepared, and no state of the
/// session is used, so that a pooler may give each transaction another session.
package final class PostgreSQLConnection {
    private let connection: OpaquePointer

    /// - Parameter url: A URL or a connection string as libpq has them. What it leaves out, such as a password
    ///   or the TLS mode, comes from libpq's environment variables and files.
    /// - Throws: `PostgreSQLError`
    package init(_ url: String) throws {
        guard Self.isReadable(url) else { throw PostgreSQLError.unreadableURL }
        // Later parameters have precedence: those of the URL over the limits before it. With these a host that is
        // gone is noticed within seconds, on both sides.
        let limits = [
            ("connect_timeout", "10"), ("tcp_user_timeout", "8000"), ("keepalives_idle", "4"),
            ("keepalives_interval", "2"), ("keepalives_count", "2"),
        ]
        let parameters =
            limits + [
                ("dbname", url), ("client_encoding", "UTF8"),
                ("fallback_application_name", "asinqd"),
            ]
        let keywords = parameters.map(\.0)
        let values = parameters.map(\.1)
        connection = Self.withStrings(keywords) { keywords in
            Self.withStrings(values) { values in PQconnectdbParams(keywords, values, 1)! }
        }
        // `deinit` ends it, here too.
        guard PQstatus(connection) == CONNECTION_OK else { throw PostgreSQLError(connection) }
        // Notices of the server belong in its own log.
        _ = PQsetNoticeReceiver(connection, { _, _ in }, nil)
    }

    /// Whether libpq finds the parts of a URL where they should be. Its own errors quote a part, which may be a
    /// password: an `@` or `/` in it ends the password too early, and what follows is read as a host, port or name.
    private static func isReadable(_ url: String) -> Bool {
        var text: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(url, &text)
        PQfreemem(text)
        guard let options else { return false }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword.map({ String(cString: $0) }) {
            let value = option.pointee.val.map { String(cString: $0) } ?? ""
            switch keyword {
            case "port" where !value.allSatisfy({ $0 == "," || $0.isASCII && $0.isNumber }):
                return false
            // A host that begins with it is an abstract socket.
            case "host" where value.dropFirst().contains("@"), "dbname" where value.contains("@"):
                return false
            default: break
            }
            option += 1
        }
        return true
    }

    deinit { PQfinish(connection) }

    /// Whether the connection was not lost, as far as is known.
    package var isOpen: Bool { PQstatus(connection) == CONNECTION_OK }

    /// How often this connection has waited for the server since it was opened.
    package private(set) var roundTrips = 0

    /// The descriptor on which notifications arrive.
    package var socket: Int32 { PQsocket(connection) }

    /// Runs one statement.
    /// - Throws: `PostgreSQLError`
    package func execute(
        _ sql: String, _ arguments: [String?] = []
    ) throws -> PostgreSQLResult {
        try execute([PostgreSQLStatement(sql, arguments)])[0]
    }

    /// Runs statements in one round trip. If one fails, the server runs none of those after it.
    ///
    /// - Returns: A result for each.
    /// - Throws: The `PostgreSQLError` of the one that failed.
    package func execute(
        _ statements: [PostgreSQLStatement]
    ) throws -> [PostgreSQLResult] {
        guard statements.allSatisfy(\.isText) else {
            throw PostgreSQLError(sqlState: "22021", message: "a text contains a NUL")
        }
        roundTrips += 1
        guard PQenterPipelineMode(connection) == 1 else { throw PostgreSQLError(connection) }
        defer { PQexitPipelineMode(connection) }
        for statement in statements {
            let isSent = Self.withStrings(statement.arguments) { values in
                PQsendQueryParams(
                    connection, statement.sql, Int32(statement.arguments.count), nil, values, nil,
                    nil, 0)
            }
            guard isSent == 1 else { throw PostgreSQLError(connection) }
        }
        guard PQpipelineSync(connection) == 1 else { throw PostgreSQLError(connection) }
        return try received(statements.count)
    }

    /// The results of a pipeline, read to its end.
    private func received(_ count: Int) throws -> [PostgreSQLResult] {
        var results: [PostgreSQLResult] = []
        var failure: PostgreSQLError?
        for _ in 0..<count {
            guard let result = PQgetResult(connection) else { break }
            do { results.append(try checked(result)) } catch { failure = failure ?? error }
            // nil, after each statement.
            while let more = PQgetResult(connection) { PQclear(more) }
        }
        if let end = PQgetResult(connection) { PQclear(end) }
        if let failure { throw failure }
        guard results.count == count else { throw PostgreSQLError(connection) }
        return results
    }

    /// Runs statements without arguments in one round trip.
    /// - Throws: `PostgreSQLError`
    package func run(_ script: String) throws {
        roundTrips += 1
        _ = try checked(PQexec(connection, script))
    }

    /// Forgets the notifications that have arrived.
    package func dropNotifications() {
        _ = PQconsumeInput(connection)
        while let notification = PQnotifies(connection) { PQfreemem(notification) }
    }

    private func checked(
        _ result: OpaquePointer?
    ) throws(PostgreSQLError) -> PostgreSQLResult {
        guard let result else { throw PostgreSQLError(connection) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
            return PostgreSQLResult(result)
        default:
            defer { PQclear(result) }
            throw PostgreSQLError(result, connection)
        }
    }

    /// C strings, followed by a null pointer.
    private static func withStrings<Value>(
        _ strings: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value
    ) -> Value {
        var bytes: [CChar] = []
        var offsets: [Int?] = []
        for string in strings {
            guard let string else {
                offsets.append(nil)
                continue
            }
            offsets.append(bytes.count)
            bytes += string.utf8.map { CChar(bitPattern: $0) }
            bytes.append(0)
        }
        return bytes.withUnsafeBufferPointer { buffer in
            var pointers = offsets.map { offset in offset.map { buffer.baseAddress! + $0 } }
            pointers.append(nil)
            return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
        }
    }
}

/// A statement and its arguments.
package struct PostgreSQLStatement: Hashable, Sendable {
    package var sql: String
    /// For `$1` and so on; nil: NULL.
    package var arguments: [String?]

    package init(_ sql: String, _ arguments: [String?] = []) {
        self.sql = sql
        self.arguments = arguments
    }

    /// The server ends a text at a NUL.
    fileprivate var isText: Bool { arguments.allSatisfy { $0?.utf8.contains(0) != true } }
}
