internal import GRDB
internal import PostgreSQL

extension Database {
    /// Runs `body`; if the schema rejects a write, nothing of it is written.
    /// - Returns: The schema's reason; nil if `body` was carried out, or will be with what `finish` sends.
    func refusal(of body: () throws -> Void) throws -> String? {
        if case .postgreSQL(let transaction) = connection, transaction.isBatching {
            try body()
            return nil
        }
        do {
            try inSavepoint(body)
            return nil
        } catch let error as DatabaseError where error.isFinal && isInsideTransaction {
            return error.message ?? "\(error.resultCode)"
        } catch let error as PostgreSQLError where error.isFinal {
            // A constraint is named by the sentence that describes it.
            return error.constraint ?? error.message
        }
    }

    /// SQLite ends a transaction by itself after some errors.
    private var isInsideTransaction: Bool {
        switch connection {
        case .sqlite(let db): db.isInsideTransaction
        case .postgreSQL: true
        }
    }
}

/// Whether these values will be rejected whenever they are written. A missing table or column is not the
/// values' fault: then a reply that is paid for waits for the repair.
extension DatabaseError {
    fileprivate var isFinal: Bool {
        switch resultCode {
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG: true
        default: false
        }
    }
}

extension PostgreSQLError {
    /// Class 22: a value of another form or range; 23: a constraint; 54: too large.
    var isFinal: Bool { ["22", "23", "54"].contains(sqlClass) }
}

/// Text for the columns for messages.
enum ColumnText {
    static let scalarsMax = 1_000

    /// For the functions that check it, SQLite's text ends at a NUL.
    static func cut(_ text: String) -> String {
        let line = text.replacing("\0", with: "\u{FFFD}")
        return String(String.UnicodeScalarView(line.unicodeScalars.prefix(scalarsMax)))
    }
}
