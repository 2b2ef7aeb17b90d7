import Operations
import Planning
import Providers
import Storage

/// The output of `enqueue` for people.
extension EnqueueReport {
    /// - Parameter notBefore: As it was written, where it was.
    func lines(notBefore: InstantArgument?) -> [String] {
        var lines: [String] = []
        for endpoint in order {
            guard let counts = enqueued[endpoint] else { continue }
            lines.append(
                "\(endpoint): \(counts.text(repeats: intake.repeats, isDryRun: isDryRun))")
        }
        lines += order.compactMap(sentence)
        for endpoint in order {
            if let labels = enqueued[endpoint]?.keptLabelsText {
                lines.append("\(endpoint): \(labels)")
            }
        }
        if let notBefore {
            let zone = notBefore.lacksZone ? "; a time without a zone is UTC" : ""
            lines.append(
                "new jobs run no earlier than \(HumanText.instant(notBefore.instant))\(zone)")
        }
        return lines + (followUps.map { [$0] } ?? []) + intake.correctionsText
    }

    private var followUps: String? {
        guard let leading, let added = enqueued[leading.from]?.added, added > 0 else { return nil }
        let to = leading.to.name
        if hasFollowUpAccount, let lane = forecast[to], let text = forecast.followUps(lane) {
            return "\(to): \(text)"
        }
        let form = leading.to.form
        let most = HumanText.count(added, form.noun, form.plural)
        return "\(to): up to \(most) follow; \(Accounts.missing(for: to))"
    }

    /// "images: 12,000 jobs, done Tue 04:10 UTC, needs 12,000 of today's 31,400 tokens" for the added jobs; when
    /// the endpoint is done if every job was waiting already.
    private func sentence(_ endpoint: String) -> String? {
        guard let lane = forecast[endpoint], let day = forecast.dayLeft(at: endpoint) else {
            return nil
        }
        guard let group = lane.groups.first else {
            let isOpen = enqueued[endpoint].map { $0.alreadyOpen > 0 } ?? false
            guard isOpen, lane.finishesAt != nil || lane.standstill != nil else { return nil }
            return "\(endpoint): all waiting jobs, "
                + forecast.done(lane, isDaemonRunning: isDaemonRunning)
        }
        let end = forecast.done(
            group.finishesAt, standstill: lane.standstill, at: endpoint,
            isDaemonRunning: isDaemonRunning)
        let tokens = HumanText.number(group.tokens)
        let left = HumanText.number(day.tokens)
        let isToday = group.finishesAt.map { $0 < day.resetsAt } ?? false
        let needs =
            isToday && group.tokens <= day.tokens
            ? "needs \(tokens) of today's \(left) tokens"
            : "needs \(HumanText.count(group.tokens, "token", "tokens")); \(left) remaining today"
        let jobs = HumanText.count(enqueued[endpoint]?.added ?? 0, "job", "jobs")
        return "\(endpoint): \(jobs), \(end), \(needs)"
    }
}

extension ProductIntake {
    /// How many products were changed, and the first of them.
    fileprivate var correctionsText: [String] {
        let kinds = ProductCorrection.allCases.compactMap { kind in
            corrections[kind].map { "\(HumanText.number($0)) \(kind.summary)" }
        }
        guard !kinds.isEmpty else { return [] }
        let more = corrections.values.reduce(0, +) - firstCorrections.count
        return ["corrected: \(kinds.joined(separator: ", "))"]
            + firstCorrections.map {
                "  \(TerminalText.safe($0.file)):\($0.line): \($0.from) -> \($0.to)"
            } + (more > 0 ? ["  … and \(HumanText.number(more)) more"] : [])
    }

    /// How each file was read that is not a list without a header.
    var notes: [String] {
        sources.compactMap { source in
            let file = TerminalText.safe(source.file)
            guard let table = source.layout.table else {
                return source.layout.headerLine.map { "\(file):\($0): header skipped" }
            }
            let options = [("label", table.label), ("priority", table.priority)]
                .compactMap { name, column in column.map { "; \(name): column \($0.title)" } }
            return
                "\(file): \(table.separator.plural) separate the columns; product: column \(TerminalText.safe(table.column.title))\(options.joined())"
        }
    }

    /// The first bad lines, and the number of further ones.
    var badLinesText: [String] {
        let more = badLines - firstBadLines.count
        return firstBadLines.map { "\(TerminalText.safe($0.file)):\($0.line): \($0.reason)" }
            + (more > 0
                ? ["… and \(HumanText.count(more, "more bad line", "more bad lines"))"] : [])
    }

    /// "asins.txt  52 %  260,000 ASINs, 21,819 a second"
    ///
    /// - Parameters:
    ///   - share: Of the file that is read; nil where its length is not known.
    ///   - products: Those of this file that were read so far.
    ///   - elapsed: Since the first of them.
    static func progress(
        _ name: String, _ form: ProductForm, share: Double?, products: Int, elapsed: Duration
    ) -> String {
        let percent = share.map { "\(Int($0 * 100)) %  " } ?? ""
        let perSecond = Int(Double(products) / max(0.001, Double(elapsed.milliseconds) / 1_000))
        return TerminalText.excerpt(name, 30)
            + "  \(percent)\(HumanText.number(products)) \(form.plural), \(HumanText.number(perSecond)) a second"
    }
}
