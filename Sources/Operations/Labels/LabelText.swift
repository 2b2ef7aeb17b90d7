package import Planning
internal import Storage

/// The line of a label for people. A long label has a line of its own.
struct LabelText {
    /// The columns of a line.
    let width: Int
    /// For the day of an end.
    let now: Timestamp

    private static let labelColumns = 22

    private var columns: ColumnLine {
        ColumnLine(
            places: [
                .left(start: 0), .right(end: 31), .right(end: 41), .right(end: 48),
                .right(end: 58), .left(start: 60),
            ], width: width)
    }

    var heading: String {
        columns.lines(["LABEL", "DONE", "LEFT", "FAILED", "TOKENS", "END"])
            .joined(separator: "\n")
    }

    func lines(_ label: LabelReport) -> [String] {
        let name = TerminalText.safe(label.label)
        let isLong = TerminalText.columns(name) > Self.labelColumns
        let jobs = label.jobs
        let cells = [
            isLong ? "" : name, String(jobs.completed), String(label.left),
            String(jobs.discarded), label.remainingTokens.number.map(String.init) ?? "-",
            end(label),
        ]
        return (isLong ? TerminalText.wrapped(name, width: width) : []) + columns.lines(cells)
            + columns.details(
                [
                    jobs.paused == 0 ? nil : "\(HumanText.number(jobs.paused)) paused",
                    jobs.cancelled == 0 ? nil : "\(HumanText.number(jobs.cancelled)) cancelled",
                ], nil)
    }

    private func end(_ label: LabelReport) -> String {
        if label.left == 0 { return "finished" }
        if label.left == label.jobs.paused { return "paused" }
        return label.finishesAt.instant.map { HumanText.minute($0, from: now) } ?? "unknown"
    }
}

extension LabelReport {
    /// Jobs that are not finished.
    fileprivate var left: Int { jobs.ready + jobs.later + jobs.paused + jobs.running }

    /// A row a label.
    ///
    /// - Parameter width: The columns of a line for people.
    package static func layout(width: Int, at now: Timestamp) -> RowLayout<LabelReport> {
        let text = LabelText(width: width, now: now)
        let columns: [(name: String, cell: (LabelReport) -> Cell)] = [
            ("label", { .text($0.label) }), ("ready", { .integer($0.jobs.ready) }),
            ("later", { .integer($0.jobs.later) }), ("paused", { .integer($0.jobs.paused) }),
            ("running", { .integer($0.jobs.running) }),
            ("completed", { .integer($0.jobs.completed) }),
            ("discarded", { .integer($0.jobs.discarded) }),
            ("cancelled", { .integer($0.jobs.cancelled) }),
            ("remaining_tokens", { .integer($0.remainingTokens.number) }),
            ("finishes_at", { .text($0.finishesAt.instant.map(HumanText.iso)) }),
        ]
        return RowLayout(
            heading: text.heading, lines: text.lines, columns: columns.map(\.name),
            cells: { label in [columns.map { $0.cell(label).csv }] },
            object: { try JSONText.object($0) })
    }
}
