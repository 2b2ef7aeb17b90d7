internal import Foundation
internal import GRDB

/// Text that another program wrote. An earlier version's schema accepted bytes that are not UTF-8, and a NUL.
/// Such text cannot pass through a `String`, which has U+FFFD in its place and ends at the NUL: so no
/// statement gets it as an argument. Statements refer to it by the id of a row that has it.
extension Database {
    /// The text of a column for people to read, as an argument for `Row.text(at:)`.
    static func bytes(_ column: String) -> String { "CAST(\(column) AS BLOB)" }

    /// Whether people read a column as `text`. A scan; only a text with U+FFFD needs it.
    static func isShown(_ column: String) -> String { "shown_text(\(bytes(column))) = ?" }

}

/// What `Database.isShown` calls.
let shownText = DatabaseFunction("shown_text", argumentCount: 1, pure: true) { values in
    Data.fromDatabaseValue(values[0]).map(String.init(shown:))
}

extension Row {
    /// The text of a column that was selected as `Database.bytes`.
    func text(at index: Int) -> String { String(shown: self[index]) }
}

extension String {
    /// Invalid bytes, and a NUL, which ends a text in C, become U+FFFD.
    init(shown bytes: Data) {
        self = String(decoding: bytes, as: UTF8.self).replacing("\0", with: "\u{FFFD}")
    }
}
