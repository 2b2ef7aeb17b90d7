/// The line of a row for people, with each cell at its place: for lists that are printed row by row, before the
/// width of the next one is known. `Table`, which needs all rows, is for short reports.
struct ColumnLine {
    enum Place {
        case left(start: Int)
        case right(end: Int)
    }

    let places: [Place]
    /// The columns of a terminal's line.
    let width: Int

    /// Where the rest of a long line, and the facts without a column of their own, begin.
    private static let indent = 10

    /// The line of a row, wrapped if it is too long. A cell that is too long moves those to its right, as far
    /// as they have no blanks to give.
    func lines(_ cells: [String]) -> [String] {
        var line = ""
        var columns = 0
        for (cell, place) in zip(cells, places) {
            let cell = TerminalText.safe(cell)
            let cellColumns = TerminalText.columns(cell)
            let blanks =
                switch place {
                case .left(let start): start - columns
                case .right(let end): end - columns - cellColumns
                }
            let space = max(line.isEmpty ? 0 : 1, blanks)
            line += String(repeating: " ", count: space) + cell
            columns += space + cellColumns
        }
        line = line.trimmingTrailingSpaces()
        return TerminalText.columns(line) <= width
            ? [line] : TerminalText.wrapped(line, width: width, indent: Self.indent)
    }

    /// The rare facts of a row and its message, below its line; nothing without any.
    func details(_ facts: [String?], _ message: String?) -> [String] {
        let facts = facts.compactMap(\.self).joined(separator: ", ")
        let text = [facts.isEmpty ? nil : facts, message].compactMap(\.self)
            .joined(separator: ": ")
        if text.isEmpty { return [] }
        return TerminalText.wrapped(
            text, width: width, first: String(repeating: " ", count: Self.indent),
            indent: Self.indent)
    }
}
