internal import GRDB

/// A row's place in a list that is read page by page, the latest row first. Rows are only ever added before
/// the first one, so a key stays valid while rows are added and deleted.
package struct PageKey: Hashable, Comparable, Sendable {
    /// In milliseconds since 1970; 0 in a list in the order of ids.
    package var instant: Int64
    package var id: Int64

    package init(instant: Int64 = 0, id: Int64) {
        self.instant = instant
        self.id = id
    }

    /// Before all rows.
    static let start = PageKey(instant: .max, id: .max)

    package static func < (left: PageKey, right: PageKey) -> Bool {
        (left.instant, left.id) < (right.instant, right.id)
    }
}

/// A part of a list.
package struct Page<Item> {
    package var items: [Item]
    /// The last row that was read, if there may be more after it.
    package var next: PageKey?
}

extension Page: Equatable where Item: Equatable {}
extension Page: Sendable where Item: Sendable {}

/// A range of an index in the order of a list, the latest row first. Its rows end with the two columns of
/// `PageKey`, and whether the row is in the list.
struct PageRange {
    var sql: String
    var arguments: StatementArguments
}

extension Database {
    /// The most rows that are read for one page. Where no index has the rows of a list, the others between
    /// them are read too, and a page may have fewer items than its limit, or none, and be followed by more.
    static let pageRowsMax = 20_000

    /// The next rows of `ranges` together. They are stepped through one by one, so the cost is that of the
    /// rows that are read.
    ///
    /// - Parameters:
    ///   - isPastEnd: Whether neither a row nor any after it is in the list.
    func page<Item>(
        _ ranges: [PageRange], limit: Int, rowsMax: Int = Database.pageRowsMax,
        isPastEnd: (Row) -> Bool = { _ in false }, _ item: (Row) throws -> Item
    ) throws -> Page<Item> {
        let cursors = try ranges.map {
            try Row.fetchCursor(makeStatement(sql: $0.sql), arguments: $0.arguments)
        }
        var heads = try cursors.map { try $0.next() }
        var page = Page<Item>(items: [])
        var read = 0
        var last: PageKey?
        func key(_ index: Int) -> PageKey? {
            heads[index].map { PageKey(instant: $0[$0.count - 3], id: $0[$0.count - 2]) }
        }
        while let first = heads.indices.filter({ heads[$0] != nil })
            .max(by: { key($0)! < key($1)! })
        {
            let row = heads[first]!
            if isPastEnd(row) { return page }
            let isItem = row[row.count - 1] as Bool? ?? false
            if read == rowsMax || isItem && page.items.count == limit {
                page.next = last
                return page
            }
            if isItem { page.items.append(try item(row)) }
            last = key(first)
            read += 1
            heads[first] = try cursors[first].next()
        }
        return page
    }

    /// The condition that people read a column as `text`, and its argument. Text with a NUL or invalid bytes
    /// is shown with U+FFFD in their place.
    static func shows(_ column: String, _ text: String) -> (sql: String, argument: String) {
        let shown = text.replacing("\0", with: "\u{FFFD}")
        let isOdd = shown.unicodeScalars.contains("\u{FFFD}")
        return (isOdd ? isShown(column) : "\(column) = ?", shown)
    }
}
