internal import Storage

/// The line of a job for people, with a second one for the reason of a dead letter, other rare facts, and text
/// that is too long for its column.
struct JobText {
    /// The columns of a line.
    let width: Int

    private static let errorMax = 300
    private static let productColumns = 14
    private static let usualPriority = EnqueueOptions().priority

    /// With the end of a job in a column of its own.
    private var isWide: Bool { width >= 104 }

    private var labelColumns: Int { width - (isWide ? 88 : 63) }

    private var columns: ColumnLine {
        ColumnLine(
            places: isWide
                ? [
                    .right(end: 9), .left(start: 11), .left(start: 21), .left(start: 36),
                    .left(start: 46), .left(start: 67), .left(start: 88),
                ]
                : [
                    .right(end: 8), .left(start: 9), .left(start: 18), .left(start: 33),
                    .left(start: 43), .left(start: 63),
                ],
            width: width)
    }

    var heading: String {
        let titles =
            ["JOB ID", "ENDPOINT", "PRODUCT", "STATE", "ENQUEUED (UTC)"]
            + (isWide ? ["FINISHED (UTC)"] : []) + ["LABEL"]
        return columns.lines(titles).joined(separator: "\n")
    }

    func lines(_ job: JobRecord) -> [String] {
        let (product, label) = (TerminalText.safe(job.product), TerminalText.safe(job.label ?? ""))
        let isLong = TerminalText.columns(product) > Self.productColumns
        let hasLongLabel = TerminalText.columns(label) > labelColumns
        let cells =
            [
                String(job.id), job.endpoint, isLong ? Self.beginning(of: product) : product,
                job.state.rawValue, Self.second(job.enqueuedAt),
            ] + (isWide ? [job.finishedAt.map(Self.second) ?? "-"] : [])
            + [hasLongLabel ? "" : label]
        return columns.lines(cells)
            + details(job, product: isLong ? product : nil, label: hasLongLabel ? label : nil)
    }

    /// Of as many characters as fit, also if each is two columns wide.
    private static func beginning(of product: String) -> String {
        let text = TerminalText.excerpt(product, productColumns)
        return TerminalText.columns(text) <= productColumns
            ? text : TerminalText.excerpt(product, productColumns / 2)
    }

    private func details(_ job: JobRecord, product: String?, label: String?) -> [String] {
        let isDone = job.state == .completed
        return columns.details(
            [
                product.map { "product \($0)" }, label.map { "label \($0)" },
                job.account.map { "account \($0)" },
                job.priority == Self.usualPriority || isDone ? nil : "priority \(job.priority)",
                job.notBefore.flatMap {
                    job.state == .later ? "not before \(Self.second($0)) UTC" : nil
                },
                job.failures == 0 || isDone
                    ? nil : HumanText.count(job.failures, "failed call", "failed calls"),
                isWide || isDone
                    ? nil : job.finishedAt.map { "finished \(Self.second($0)) UTC" },
            ], job.error.map { TerminalText.excerpt($0, Self.errorMax) })
    }

    /// 2026-05-04 03:02:01
    private static func second(_ instant: String) -> String {
        String(instant.prefix(19)).replacing("T", with: " ")
    }
}
