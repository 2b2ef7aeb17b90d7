internal import GRDB

extension Database {
    /// Runs `body`; if the schema rejects a write, nothing of it is written.
    /// - Returns: The schema's reason; nil if `body` was carried out.
    func refusal(of body: () throws -> Void) throws -> String? {
        do {
            try inSavepoint {
                try body()
                return .commit
            }
            return nil
        } catch let error as DatabaseError where error.isFinal && isInsideTransaction {
            return error.message ?? "\(error.resultCode)"
        }
    }
}

extension DatabaseError {
    /// Whether these values will be rejected whenever they are written. A missing table or column is not the
    /// values' fault: then a reply that is paid for waits for the repair.
    fileprivate var isFinal: Bool {
        switch resultCode {
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG: true
        default: false
        }
    }
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
