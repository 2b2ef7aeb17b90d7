import Foundation

/// Writes rows one by one in the format that was asked for.
struct RowsWriter<Row> {
    /// A column's name, as the views of the database have it, and its value.
    typealias Column = (name: String, cell: (Row) -> Cell)

    let columns: [Column]
    /// The first line for people, and one for each row.
    let heading: String
    let line: (Row) -> String
    let format: ResultsCommand.Format
    let buffer: OutputBuffer
    private(set) var count = 0

    init(
        columns: [Column], heading: String, line: @escaping (Row) -> String,
        format: ResultsCommand.Format, buffer: OutputBuffer
    ) {
        self.columns = columns
        self.heading = heading
        self.line = line
        self.format = format
        self.buffer = buffer
    }

    func begin() {
        switch format {
        case .table: buffer.append(heading + "\n")
        case .csv: buffer.append(CSV.row(columns.map(\.name)))
        case .json: buffer.append("[")
        case .jsonl: break
        }
    }

    mutating func append(_ row: Row) {
        switch format {
        case .table: buffer.append(line(row) + "\n")
        case .csv: buffer.append(CSV.row(columns.map { $0.cell(row).csv }))
        case .json: buffer.append((count > 0 ? ",\n" : "\n") + object(row))
        case .jsonl: buffer.append(object(row) + "\n")
        }
        count += 1
    }

    func end() {
        if format == .json { buffer.append(count > 0 ? "\n]\n" : "]\n") }
    }

    private func object(_ row: Row) -> String {
        let fields = columns.map { "\"\(Self.key($0.name))\":\($0.cell(row).json)" }
        return "{\(fields.joined(separator: ","))}"
    }

    /// list_price: listPrice.
    private static func key(_ name: String) -> String {
        let words = name.split(separator: "_")
        return words.dropFirst().reduce(into: String(words[0])) { $0 += $1.capitalized }
    }
}
