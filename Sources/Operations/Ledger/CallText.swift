internal import Planning
internal import Providers
internal import Storage

/// The line of a call for people, with a second one for a message and other rare facts.
struct CallText {
    /// The columns of a line.
    let width: Int

    private enum Place {
        case left(start: Int)
        case right(end: Int)
    }

    private static let messageMax = 300
    private static let detailIndent = 10

    /// With milliseconds and drift in columns of their own.
    private var isWide: Bool { width >= 104 }

    private var places: [Place] {
        isWide
            ? [
                .right(end: 9), .left(start: 11), .left(start: 36), .left(start: 46),
                .right(end: 68), .right(end: 76), .right(end: 87), .right(end: 96),
                .right(end: 104),
            ]
            : [
                .right(end: 8), .left(start: 9), .left(start: 30), .left(start: 40),
                .right(end: 56), .right(end: 63), .right(end: 73), .right(end: 80),
            ]
    }

    var heading: String {
        var titles = [
            "CALL ID", "STARTED (UTC)", "ENDPOINT", "OUTCOME", "PRODUCTS", "TOKENS", "REMAINING",
        ]
        if isWide { titles.append("DRIFT") }
        return fitting(line(titles + ["MS"])).joined(separator: "\n")
    }

    func lines(_ call: LedgerLine) -> [String] {
        let entry = call.entry
        let started = HumanText.iso(entry.startedAt).prefix(isWide ? 23 : 19)
        let duration = entry.settledAt.map { Int(($0 - entry.startedAt).milliseconds) }
        var cells: [String] = [
            String(entry.id), String(started).replacing("T", with: " "), entry.endpoint,
            entry.outcome?.rawValue ?? "open", String(call.products.count),
            String(entry.charged ?? entry.reserved), Self.text(entry.dailyRemaining),
        ]
        if isWide { cells.append(Self.text(call.driftTokens)) }
        let row = line(cells + [Self.text(duration)])
        return fitting(row) + details(call)
    }

    private func fitting(_ line: String) -> [String] {
        TerminalText.columns(line) <= width
            ? [line] : TerminalText.wrapped(line, width: width, indent: Self.detailIndent)
    }

    private static func text(_ number: Int?) -> String { number.map(String.init) ?? "-" }

    /// The facts without a column of their own.
    private func details(_ call: LedgerLine) -> [String] {
        let isFirst = Catalog.current.provider(named: call.entry.account) != nil
        let drift = isWide ? nil : call.driftTokens.flatMap { $0 == 0 ? nil : "drift \($0)" }
        let facts = [isFirst ? nil : "account \(call.entry.account)", drift].compactMap(\.self)
        let message = call.message.map { TerminalText.excerpt($0, Self.messageMax) }
        let text = [facts.isEmpty ? nil : facts.joined(separator: ", "), message]
            .compactMap(\.self).joined(separator: ": ")
        if text.isEmpty { return [] }
        let indent = String(repeating: " ", count: Self.detailIndent)
        return TerminalText.wrapped(
            text, width: width, first: indent, indent: Self.detailIndent)
    }

    /// A cell that is too long moves those to its right, as far as they have no blanks to give.
    private func line(_ cells: [String]) -> String {
        var line = ""
        for (cell, place) in zip(cells, places) {
            let blanks =
                switch place {
                case .left(let start): start - line.count
                case .right(let end): end - line.count - cell.count
                }
            line += String(repeating: " ", count: max(line.isEmpty ? 0 : 1, blanks)) + cell
        }
        return line
    }
}
