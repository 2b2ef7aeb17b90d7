internal import Planning
internal import Providers
internal import Storage

/// The line of a call for people, with a second one for a message and other rare facts.
struct CallText {
    /// The columns of a line.
    let width: Int

    private static let messageMax = 300

    /// With milliseconds and drift in columns of their own.
    private var isWide: Bool { width >= 104 }

    private var columns: ColumnLine {
        ColumnLine(
            places: isWide
                ? [
                    .right(end: 9), .left(start: 11), .left(start: 36), .left(start: 46),
                    .right(end: 68), .right(end: 76), .right(end: 87), .right(end: 96),
                    .right(end: 104),
                ]
                : [
                    .right(end: 8), .left(start: 9), .left(start: 30), .left(start: 40),
                    .right(end: 56), .right(end: 63), .right(end: 73), .right(end: 80),
                ],
            width: width)
    }

    var heading: String {
        var titles = [
            "CALL ID", "STARTED (UTC)", "ENDPOINT", "OUTCOME", "PRODUCTS", "TOKENS", "REMAINING",
        ]
        if isWide { titles.append("DRIFT") }
        return columns.lines(titles + ["MS"]).joined(separator: "\n")
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
        return columns.lines(cells + [Self.text(duration)]) + details(call)
    }

    private static func text(_ number: Int?) -> String { number.map(String.init) ?? "-" }

    /// The facts without a column of their own.
    private func details(_ call: LedgerLine) -> [String] {
        let isFirst = Catalog.current.provider(named: call.entry.account) != nil
        let drift = isWide ? nil : call.driftTokens.flatMap { $0 == 0 ? nil : "drift \($0)" }
        return columns.details(
            [isFirst ? nil : "account \(call.entry.account)", drift],
            call.message.map { TerminalText.excerpt($0, Self.messageMax) })
    }
}
