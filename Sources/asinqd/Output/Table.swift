import Operations

/// Columns of text, aligned: numbers to the right.
struct Table {
    enum Alignment {
        case left
        case right
    }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    private static let gap = 2
    /// A column is not narrowed below its longest word, unless that has more than this, or than half a line.
    private static let wordMax = 24

    init(_ columns: [(title: String, alignment: Alignment)]) {
        self.columns = columns
    }

    mutating func append(_ row: [String]) {
        precondition(row.count == columns.count)
        rows.append(row.map(TerminalText.safe))
    }

    /// Lines of at most `width` columns. Long cells are wrapped; if that is not enough, the table's columns are
    /// printed in several parts, one below the other, each with the first column.
    func lines(width: Int) -> [String] {
        var parts: [[Int]] = []
        for index in columns.indices {
            if let last = parts.last, isFitting(last + [index], width) {
                parts[parts.count - 1].append(index)
            } else {
                parts.append(parts.isEmpty ? [index] : [0, index])
            }
        }
        return Array(parts.map { lines(of: $0, width: width) }.joined(separator: [""]))
    }

    private func isFitting(_ indices: [Int], _ width: Int) -> Bool {
        Self.total(indices.map { narrowest($0, width) }) <= width
    }

    private static func total(_ widths: [Int]) -> Int {
        widths.reduce(0, +) + gap * (widths.count - 1)
    }

    private func cells(_ index: Int) -> [String] {
        [columns[index].title] + rows.map { $0[index] }
    }

    private func narrowest(_ index: Int, _ width: Int) -> Int {
        let words = cells(index).flatMap { $0.split(separator: " ") }
        return min(
            Self.wordMax, (width - Self.gap) / 2,
            words.map { TerminalText.columns(String($0)) }.max() ?? 0)
    }

    /// The natural width of each column, the widest ones narrowed until the table fits.
    private func widths(_ indices: [Int], _ width: Int) -> [Int] {
        let least = indices.map { narrowest($0, width) }
        var widths = indices.map { cells($0).map(TerminalText.columns).max() ?? 0 }
        while Self.total(widths) > width,
            let widest = widths.indices.filter({ widths[$0] > least[$0] })
                .max(by: { widths[$0] < widths[$1] })
        {
            widths[widest] -= 1
        }
        return widths
    }

    private func lines(of indices: [Int], width: Int) -> [String] {
        let widths = widths(indices, width)
        return ([columns.map(\.title)] + rows).flatMap { row in
            let cells = zip(indices, widths).map { index, width in
                TerminalText.wrapped(row[index], width: width)
            }
            return (0..<(cells.map(\.count).max() ?? 0)).map { line in
                zip(zip(indices, widths), cells).map { column, cell in
                    let text = line < cell.count ? cell[line] : ""
                    let blanks = max(0, column.1 - TerminalText.columns(text))
                    let space = String(repeating: " ", count: blanks)
                    return columns[column.0].alignment == .right ? space + text : text + space
                }.joined(separator: String(repeating: " ", count: Self.gap))
                    .trimmingTrailingSpaces()
            }
        }
    }
}
