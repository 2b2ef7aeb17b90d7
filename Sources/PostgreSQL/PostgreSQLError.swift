internal import CPostgreSQL

/// An error of the server, or of the connection to it.
package struct PostgreSQLError: Error, Equatable, Sendable {
    /// PostgreSQL's five characters, see Appendix A of its manual; nil: the connection failed.
    package var sqlState: String?
    /// One line, without the severity.
    package var message: String
    /// The constraint that refused a row.
    package var constraint: String?

    package init(sqlState: String?, message: String, constraint: String? = nil) {
        self.sqlState = sqlState
        self.message = message
        self.constraint = constraint
    }

    package static let unreadableURL = PostgreSQLError(
        sqlState: nil,
        message:
            "the URL cannot be read. In a user name or password, characters such as @ / : and % must be written as %40, %2F, %3A and %25"
    )

    /// The two characters that name the class of the error; nil: the connection failed.
    package var sqlClass: Substring? { sqlState?.prefix(2) }

    /// Whether another connection may succeed: this one is lost, or the server shuts down, starts or follows
    /// another one.
    package var isConnectionLost: Bool {
        guard let sqlState else { return true }
        return sqlClass == "08" || ["57P01", "57P02", "57P03", "25006"].contains(sqlState)
    }

    /// Whether the transaction may succeed if it is repeated: it waited too long, or for another one that
    /// waited for it.
    package var isConflict: Bool {
        ["40001", "40P01", "55P03", "57014"].contains(sqlState)
    }

    init(_ result: OpaquePointer?, _ connection: OpaquePointer) {
        func field(_ code: Int) -> String? {
            PQresultErrorField(result, Int32(code)).map { String(cString: $0) }
        }
        // PG_DIAG_SQLSTATE, _MESSAGE_PRIMARY and _CONSTRAINT_NAME are characters, which Swift cannot import.
        sqlState = field(Int(UInt8(ascii: "C")))
        constraint = field(Int(UInt8(ascii: "n")))
        message =
            field(Int(UInt8(ascii: "M")))
            ?? Self.line(String(cString: PQerrorMessage(connection)))
    }

    init(_ connection: OpaquePointer) {
        self.init(
            sqlState: nil, message: Self.line(String(cString: PQerrorMessage(connection))))
    }

    private static func line(_ text: String) -> String {
        let parts = text.split(whereSeparator: \.isNewline).map { line in
            line.drop { $0.isWhitespace }
        }
        return parts.isEmpty ? "the connection is lost" : parts.joined(separator: ". ")
    }
}
