import Foundation
import Operations

/// How a report is laid out for the place where it is printed.
struct ReportStyle {
    /// The columns of a line.
    var width = 80
    /// Whether limits and pools show as bars.
    var hasBars = false
    /// Whether text that needs a person has a color. The text alone says as much.
    var hasColor = false

    private static let narrowest = 40
    private static let nameWidth = 10
    private static let red = "\u{1B}[31m"
    private static let end = "\u{1B}[0m"

    /// For standard output. A terminal may change its size, so this is read for each report.
    static var ofOutput: ReportStyle {
        guard Output.isScreen else { return ReportStyle() }
        var style = ReportStyle(hasBars: true, hasColor: Output.isTerminal)
        if let columns = Output.screenColumns { style.width = max(narrowest, columns) }
        return style
    }

    /// A name, and its text next to it, continued below the text.
    func entry(_ name: String, _ text: String, needsPerson: Bool = false) -> [String] {
        marked(
            TerminalText.wrapped(
                text, width: width, first: name.padding(to: Self.nameWidth - 1) + " ",
                indent: Self.nameWidth),
            needsPerson)
    }

    /// A sentence, continued below with an indentation.
    func sentence(_ text: String, indent: Int = 2, needsPerson: Bool = false) -> [String] {
        let first = String(text.prefix { $0 == " " })
        return marked(
            TerminalText.wrapped(text, width: width, first: first, indent: indent), needsPerson)
    }

    /// "[######----] 1,234 of 2,000", on a terminal.
    func level(_ available: Int, of capacity: Int) -> String {
        let numbers = "\(HumanText.number(available)) of \(HumanText.number(capacity))"
        guard hasBars else { return numbers }
        let cells = width < 100 ? 10 : 20
        let share = capacity > 0 ? Int(Double(cells) * Double(available) / Double(capacity)) : 0
        // Only an empty level shows no cell.
        let filled = available > 0 ? min(cells, max(1, share)) : 0
        let bar =
            String(repeating: "#", count: filled) + String(repeating: "-", count: cells - filled)
        return "[\(bar)] \(numbers)"
    }

    private func marked(_ lines: [String], _ needsPerson: Bool) -> [String] {
        needsPerson && hasColor ? lines.map { Self.red + $0 + Self.end } : lines
    }
}

extension PoolReport {
    /// Its level, the endpoints that draw from it, and its reset.
    ///
    /// - Parameter isAwaited: Whether jobs wait for its tokens.
    func lines(_ style: ReportStyle, isAwaited: Bool) -> [String] {
        let resetsAt = resetsAt.prefix(16).replacing("T", with: " ")
        return style.entry(
            "day",
            "\(style.level(tokensLeft, of: allowanceTokens)) tokens remaining for \(drawers), reset at \(resetsAt) UTC",
            needsPerson: tokensLeft <= 0 && isAwaited)
    }
}
