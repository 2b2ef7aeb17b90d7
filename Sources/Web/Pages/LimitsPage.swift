internal import Operations
internal import Planning

extension WebService {
    /// Each limit against its ceiling over the day, with the refusals.
    var limitsPage: Page {
        Page(path: "/limits", title: "Limits") { call in
            let hours = call.query["hours"].flatMap(QueryParameter.integer) ?? 24
            guard let shared = call.service.reports.limits[hours] else {
                let spans = SharedReports.limitSpans.map(String.init)
                throw Problem.badRequest("hours must be one of \(spans.joined(separator: ", ")).")
            }
            let history = try await shared.value()
            return LimitsPage(call: call, history: history, hours: hours).content
        }
    }
}

private struct LimitsPage {
    let call: PageCall
    let history: LimitHistory
    let hours: Int

    var content: HTML {
        let spans = [(1, "hour"), (6, "6 hours"), (24, "day"), (168, "week")]
        let links = spans.map { span, name in
            span == hours
                ? "<strong>\(name)</strong>" as HTML
                : "<a href=\"\(call.link("/limits", [("hours", "\(span)")]))\">\(name)</a>"
        }
        return """
            <h1>Limits</h1>
            <p>The last \(HTML(links, separator: " · ")). \(history.refusals.isEmpty ? "No call was refused." : HTML("\(HumanText.count(history.refusals.count, "call was", "calls were")) refused."))</p>
            \(history.series.isEmpty ? empty("No call was made yet. Start the daemon with <code>asinqd run</code>.") : "<div class=\"charts\">\(HTML(history.series.map(chart)))</div>" as HTML)
            \(refusals)
            """
    }

    private func chart(_ series: LimitHistory.Series) -> HTML {
        let points = series.points.compactMap { point in
            instant(point.at).map { (at: $0, value: point) }
        }
        guard let from = instant(history.since), let to = instant(history.until) else { return "" }
        let marks = history.refusals.filter {
            $0.account == series.account && (series.endpoint ?? $0.endpoint) == $0.endpoint
        }.compactMap { refusal in
            instant(refusal.at).map {
                (at: $0, text: "call \(refusal.callID) at \(refusal.endpoint) was refused")
            }
        }
        let place = [series.account, series.endpoint].compactMap(\.self).joined(separator: " · ")
        return TimeChart(
            title: "\(place): \(name(series)), tokens available", unit: "Available",
            from: from, to: to,
            valueMax: Double(points.map(\.value.capacity).max() ?? 0),
            lines: [
                .init(
                    style: .ceiling, points: points.map { ($0.at, Double($0.value.capacity)) },
                    isStepped: true),
                .init(
                    style: .level, points: points.map { ($0.at, Double($0.value.available)) }),
            ], marks: marks
        ).content
    }

    private func name(_ series: LimitHistory.Series) -> String {
        switch series.limit {
        case "daily_pool": "daily pool"
        case "token_bucket": "token bucket"
        default: "window of \(Int(series.seconds ?? 0)) s"
        }
    }

    private func instant(_ iso: String) -> Timestamp? { try? ISO8601Instant(iso).timestamp }

    private var refusals: HTML {
        if history.refusals.isEmpty { return "" }
        let rows = history.refusals.reversed().map { refusal in
            "<tr><td>\(call.call(refusal.callID))</td><td>\(time(refusal.at))</td><td>\(refusal.endpoint)</td><td>\(refusal.account)</td><td class=\"n\">\(refusal.httpStatus ?? 0)</td></tr>"
                as HTML
        }
        return "<h2>Refused calls</h2>"
            + ListTable(
                title: "Refused calls",
                columns: ["Call", "Time", "Endpoint", "Account", "Status#"], rows: rows
            ).content
    }
}
