internal import GRDB

extension Database {
    /// Runs `body`; where the schema refuses what it writes, nothing of it is written.
    /// - Returns: The schema's reason; nil where `body` was carried out.
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
    /// Whether these values will be refused whenever they are written. That a table or column is missing
    /// is no fault of the values: then a reply that is paid for waits for the repair.
    fileprivate var isFinal: Bool {
        switch resultCode {
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG: true
        default: false
        }
    }
}

/// What the columns for messages take.
enum ColumnText {
    static let scalarsMax = 1_000

    /// SQLite's text ends at a NUL for the functions that check it.
    static func cut(_ text: String) -> String {
        let line = text.replacing("\0", with: "\u{FFFD}")
        return String(String.UnicodeScalarView(line.unicodeScalars.prefix(scalarsMax)))
    }
}
