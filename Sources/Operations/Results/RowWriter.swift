internal import Foundation
internal import Providers

/// How rows are written.
package enum RowFormat: String, CaseIterable, Sendable {
    /// Aligned columns, for people.
    case table
    case csv
    /// An array.
    case json
    /// One object per line.
    case jsonl
}

/// The representation of a row in each format.
package struct RowLayout<Row> {
    /// The first line for people, and those of a row.
    package let heading: String
    package let lines: (Row) throws -> [String]
    /// The columns of CSV, and the cells of each line that a row makes.
    package let columns: [String]
    package let cells: (Row) throws -> [[String]]
    /// A row as a JSON object on one line.
    package let object: (Row) throws -> String
}

/// Writes rows one by one, in constant memory, in the given format.
package struct RowWriter<Row> {
    private let format: RowFormat
    private let layout: RowLayout<Row>
    private let isForSpreadsheet: Bool
    private let write: (String) throws -> Void
    /// How many rows were written.
    package private(set) var count = 0

    /// - Parameters:
    ///   - isForSpreadsheet: Whether CSV is such that a spreadsheet opens it without changing a code.
    ///   - write: Takes the text piece by piece.
    package init(
        _ layout: RowLayout<Row>, _ format: RowFormat, isForSpreadsheet: Bool = false,
        write: @escaping (String) throws -> Void
    ) {
        self.layout = layout
        self.format = format
        self.isForSpreadsheet = isForSpreadsheet
        self.write = write
    }

    package func begin() throws {
        switch format {
        case .table: try write(layout.heading + "\n")
        case .csv: try write((isForSpreadsheet ? CSV.byteOrderMark : "") + row(layout.columns))
        case .json: try write("[")
        case .jsonl: break
        }
    }

    package mutating func append(_ row: Row) throws {
        switch format {
        case .table: for line in try layout.lines(row) { try write(line + "\n") }
        case .csv: for cells in try layout.cells(row) { try write(self.row(cells)) }
        case .json: try write((count > 0 ? ",\n" : "\n") + layout.object(row))
        case .jsonl: try write(layout.object(row) + "\n")
        }
        count += 1
    }

    private func row(_ cells: [String]) -> String {
        isForSpreadsheet ? CSV.spreadsheetRow(cells) : CSV.row(cells)
    }

    package func end() throws {
        if format == .json { try write(count > 0 ? "\n]\n" : "]\n") }
    }
}

extension RowLayout {
    /// The same with some of the columns of CSV, in the given order.
    ///
    /// - Throws: `OperationError.badRequest` for a column that there is not.
    package func choosing(_ names: [String]) throws -> RowLayout {
        let places = try names.map { name in
            guard let place = columns.firstIndex(of: name) else {
                throw OperationError(
                    .badRequest,
                    "There is no column \(TerminalText.excerpt(name, 60)).\nTry: use \(columns.joined(separator: ", "))."
                )
            }
            return place
        }
        return RowLayout(
            heading: heading, lines: lines, columns: names,
            cells: { [cells] row in try cells(row).map { line in places.map { line[$0] } } },
            object: object)
    }

    /// A row that is one line, with a value in each column.
    ///
    /// - Parameters:
    ///   - columns: With their names as the views of the database have them; JSON has them in camel case.
    ///   - heading: The first line for people, and `line` that of a row.
    init(
        columns: [(name: String, cell: (Row) -> Cell)], heading: String,
        line: @escaping (Row) -> String
    ) {
        self.init(
            heading: heading, lines: { [line($0)] }, columns: columns.map(\.name),
            cells: { row in [columns.map { $0.cell(row).csv }] },
            object: { row in
                let fields = columns.map { "\"\(Self.key($0.name))\":\($0.cell(row).json)" }
                return "{\(fields.joined(separator: ","))}"
            })
    }

    /// list_price: listPrice.
    private static func key(_ name: String) -> String {
        let words = name.split(separator: "_")
        return words.dropFirst().reduce(into: String(words[0])) { $0 += $1.capitalized }
    }
}

/// A value as a text of JSON on one line, its fields in the order of their names.
enum JSONText {
    private static let encoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    static func object(_ value: some Encodable) throws -> String {
        String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func string(_ text: String) -> String { (try? object(text)) ?? "null" }
}

/// One value of a row that is written for spreadsheets or as JSON.
package enum Cell {
    case text(String?)
    case integer(Int?)
    case number(Double?)
    case flag(Bool?)

    /// Empty where there is none; a flag is 1 or 0.
    package var csv: String {
        switch self {
        case .text(let text): text ?? ""
        case .integer(let value): value.map(String.init) ?? ""
        case .number(let value): value.map(ResultItem.text) ?? ""
        case .flag(let flag): flag.map { $0 ? "1" : "0" } ?? ""
        }
    }

    package var json: String {
        switch self {
        case .text(let text): text.map(JSONText.string) ?? "null"
        case .integer(let value): value.map(String.init) ?? "null"
        case .number(let value): value.map(ResultItem.text) ?? "null"
        case .flag(let flag): flag.map(String.init) ?? "null"
        }
    }
}
