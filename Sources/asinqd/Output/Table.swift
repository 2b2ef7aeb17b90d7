import Operations

/// Columns of text, aligned: numbers to the right.
struct Table {
    enum Alignment {
        case left
        case right
    }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    init(_ columns: [(title: String, alignment: Alignment)]) {
        self.columns = columns
    }

    mutating func append(_ row: [String]) {
        precondition(row.count == columns.count)
        rows.append(row.map(TerminalText.safe))
    }

    var lines: [String] {
        let titles = columns.map(\.title)
        let widths = columns.indices.map { index in
            ([titles] + rows).map { $0[index].count }.max() ?? 0
        }
        return ([titles] + rows).map { row in
            let cells = row.indices.map { index in
                let space = String(repeating: " ", count: widths[index] - row[index].count)
                return columns[index].alignment == .right ? space + row[index] : row[index] + space
            }
            return cells.joined(separator: "  ").trimmingTrailingSpaces()
        }
    }
}
