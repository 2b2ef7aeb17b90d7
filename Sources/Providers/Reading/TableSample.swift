/// The first records of a file, read with one separator.
struct TableSample {
    /// Our choice: enough to see which column has products.
    private static let recordsMax = 200

    let separator: Separator
    /// The fields of each record, blank records and comments left out.
    private(set) var records: [[String]] = []
    /// The line of each record.
    private(set) var lines: [Int] = []

    /// - Parameters:
    ///   - text: Whole lines with line feeds.
    ///   - names: Names of columns that a header has.
    init(_ text: [UInt8], _ separator: Separator, names: [String]) {
        self.separator = separator
        var cutter = RecordCutter(separator)
        var fields: [Range<Int>] = []
        var records: [[String]] = []
        var lines: [Int] = []
        func add(_ record: Span<UInt8>, _ place: RecordCutter.Place) {
            guard records.count < Self.recordsMax, !place.isOpen else { return }
            let converted = Latin1.utf8(record)
            let bytes = converted ?? record.indices.map { record[$0] }
            let span = bytes.span
            separator.split(span, into: &fields)
            let texts = fields.map {
                String(decoding: Separator.content(of: $0, in: span), as: UTF8.self)
            }
            if texts.allSatisfy(\.isEmpty) || texts[0].hasPrefix("#") { return }
            records.append(texts)
            lines.append(place.line)
        }
        // Neither throws, because `add` does not.
        try? text.withUnsafeBytes { try cutter.cut($0, add) }
        try? cutter.end(add)
        self.records = records
        self.lines = lines
        dropTitle(names)
    }

    /// Drops the lines before a header that are not part of the table: a title, `sep=;`.
    private mutating func dropTitle(_ names: [String]) {
        let first = records.firstIndex { record in record.count { !$0.isEmpty } > 1 }
        guard let first, first > 0,
            records[first].contains(where: { names.contains(ColumnName.normalized($0)) })
        else { return }
        records.removeFirst(first)
        lines.removeFirst(first)
    }

    /// Whether the records have several fields, except for a few.
    var isTable: Bool {
        guard let first = records.first, first.count > 1 else { return false }
        return records.count { $0.count > 1 } * 5 >= records.count * 4
    }

    /// How many records have as many fields as the first one.
    var regularCount: Int { records.count { $0.count == records.first?.count } }

    /// The columns of the first record whose names are one of `names`.
    func columns(named names: [String]) -> [Int] {
        (records.first ?? []).indices.filter {
            names.contains(ColumnName.normalized(records[0][$0]))
        }
    }

    /// The cells of a column, those that are empty left out.
    func values(_ column: Int, afterHeader: Bool) -> [String] {
        records.dropFirst(afterHeader ? 1 : 0).compactMap { record in
            column < record.count && !record[column].isEmpty ? record[column] : nil
        }
    }
}
