internal import Foundation
internal import GRDB

/// A row of a table as texts that both engines read.
struct MovedRow {
    /// One for each column; nil: NULL.
    var values: [String?]
    /// The column whose text PostgreSQL cannot hold.
    var oddColumn: Int?

    init(_ row: Row) {
        switch row.source {
        case .postgreSQL: values = row.texts
        case .sqlite(let sqlite):
            values = []
            values.reserveCapacity(sqlite.count)
            for (index, value) in sqlite.databaseValues.enumerated() {
                switch value.storage {
                case .null: values.append(nil)
                case .int64(let number): values.append(String(number))
                case .blob(let bytes):
                    if let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) {
                        values.append(text)
                    } else {
                        values.append(String(shown: bytes))
                        oddColumn = oddColumn ?? index
                    }
                case .string, .double: values.append(value.description)
                }
            }
        }
    }

    var bytes: Int { values.reduce(0) { $0 + ($1?.utf8.count ?? 0) } }

    /// Whether both have the same bytes. `==` on texts also accepts another spelling of a character.
    static func == (left: MovedRow, right: MovedRow) -> Bool {
        zip(left.values, right.values).allSatisfy { left, right in
            guard let left, let right else { return left == nil && right == nil }
            return left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
        }
    }
}

/// The rows of a table, one by one.
struct MovedRowCursor {
    let rows: RowCursor
    let table: MovedTable

    func next() throws -> MovedRow? { try rows.next().map(MovedRow.init) }
}
