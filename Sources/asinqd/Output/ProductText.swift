import Operations
import Providers
import Storage

/// The output of `show` for people.
struct ProductText {
    let report: ProductReport
    var style = ReportStyle()

    private static let resultLinesMax = 3

    var text: String {
        report.endpoints.map { lines($0).joined(separator: "\n") }.joined(separator: "\n\n")
    }

    private func lines(_ place: ProductReport.Place) -> [String] {
        style.sentence("\(TerminalText.safe(place.product)) at \(place.endpoint)")
            + place.jobs.flatMap(lines)
            + (place.result.map { lines($0, place) } ?? style.entry("result", "none"))
            + calls(place)
    }

    private func lines(_ entry: ProductReport.Job) -> [String] {
        let job = entry.job
        let facts = [
            "\(job.id), \(job.state.rawValue)", "priority \(job.priority)",
            job.label.map { "label \(TerminalText.safe($0))" },
            job.account.map { "account \($0)" }, "enqueued \(Self.instant(job.enqueuedAt))",
            job.finishedAt.map { "finished \(Self.instant($0))" },
            job.failures == 0
                ? nil : HumanText.count(job.failures, "failed call", "failed calls"),
        ].compactMap(\.self).joined(separator: ", ")
        let isDeadLetter = job.state == .discarded
        let error = job.error.map {
            style.entry("reason", TerminalText.safe($0), needsPerson: isDeadLetter)
        }
        return style.entry("job", facts, needsPerson: isDeadLetter) + (error ?? [])
            + (entry.outlook.map(lines) ?? [])
    }

    private func lines(_ outlook: JobOutlook) -> [String] {
        let ahead =
            switch outlook.position {
            case nil: "more than \(HumanText.number(Store.aheadMax)) jobs go first"
            case 0?: "no other job goes first"
            case let count?: "\(HumanText.count(count, "job goes", "jobs go")) first"
            }
        let start = outlook.startsAt.map { "; its call starts at about \(Self.instant($0))" }
        // The turn says how many jobs go first.
        return outlook.holds.filter { $0.code != JobHold.jobsBefore }
            .flatMap { style.entry("waits", $0.text) } + style.entry("turn", ahead + (start ?? ""))
    }

    private func lines(_ result: ResultRecord, _ place: ProductReport.Place) -> [String] {
        let line = result.line
        let found = line.result.isFound ? "found" : "not found by the provider"
        let at = HumanText.instant(line.result.fetchedAt)
        let head = style.entry("result", "\(found), stored \(at) by call \(line.callID)")
        guard line.result.isFound, let definition = Catalog.current.endpoint(named: line.endpoint),
            let rows = try? StoredResult.layout(of: definition).lines(line.result)
        else { return head }
        let more = rows.count - Self.resultLinesMax
        let rest =
            more > 0
            ? style.entry(
                "",
                "and \(HumanText.count(more, "more line", "more lines")): run `asinqd results --\(place.endpoint)` with the product"
            ) : []
        return head
            + rows.prefix(Self.resultLinesMax).flatMap { row in
                style.entry("", row.split(separator: " ").joined(separator: " "))
            } + rest
    }

    private func calls(_ place: ProductReport.Place) -> [String] {
        if place.calls.isEmpty { return style.entry("calls", "none") }
        let layout = LedgerLine.layout(width: style.width)
        return [layout.heading] + place.calls.flatMap { (try? layout.lines($0)) ?? [] }
    }

    /// 2026-05-04 03:02:01 UTC
    private static func instant(_ instant: String) -> String {
        HumanText.second(instant) + " UTC"
    }
}
