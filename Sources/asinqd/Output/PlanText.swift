import Operations
import Planning
import Providers

/// What `plan` says to people.
struct PlanText {
    let forecast: Forecast
    var activity = DaemonActivity()
    var schedules: [ScheduleReport] = []
    var style = ReportStyle()

    var text: String {
        let labels = LabelForecast.lines(
            LabelForecast.all(forecast), forecast, most: Self.labelsShown, width: style.width)
        let header = style.sentence(
            "\(HumanText.instant(forecast.at)): \(activity.text), \(activity.rate.text)")
        let standing = ScheduleReport.lines(schedules, width: style.width)
        return [header, lanes.flatMap(lines) + all + days, labels, standing, calls].filter {
            !$0.isEmpty
        }
        .map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    static let labelsShown = 20

    /// The endpoints with jobs, now or later.
    private var lanes: [EndpointForecast] {
        forecast.endpoints.filter { $0.jobs > 0 || $0.paused > 0 || $0.followUps > 0 }
    }

    /// The jobs that may follow are an upper bound.
    private func lines(_ lane: EndpointForecast) -> [String] {
        style.entry(lane.endpoint, text(lane), needsPerson: Self.needsPerson(lane))
            + (forecast.followUps(lane).map { style.entry("", $0) } ?? [])
    }

    private static func needsPerson(_ lane: EndpointForecast) -> Bool {
        lane.standstill.map { $0 != .paused } ?? false
    }

    private func text(_ lane: EndpointForecast) -> String {
        let paused =
            lane.paused > 0
            ? " (\(HumanText.count(lane.paused, "paused job", "paused jobs")) left out)" : ""
        guard lane.jobs > 0 else { return "nothing to do" + paused }
        let end = forecast.done(lane, isDaemonRunning: true)
        return "\(Self.jobs(lane)), "
            + "\(HumanText.count(lane.calls, "call", "calls")), "
            + "\(HumanText.count(lane.tokens, "token", "tokens")): \(end)\(paused)"
    }

    /// Where answers have pages, the pages that a job may take are counted.
    private static func jobs(_ lane: EndpointForecast) -> String {
        Catalog.current.endpoint(named: lane.endpoint)?.hasPages == true
            ? HumanText.count(lane.jobs, "page", "pages")
            : HumanText.count(lane.jobs, "job", "jobs")
    }

    private var all: [String] {
        let end: String
        if let standing = forecast.endpoints.first(where: { $0.standstill != nil }),
            let standstill = standing.standstill
        {
            end = standstill.text(at: standing.endpoint, called: standing.endpoint)
        } else {
            end = forecast.done(forecast.finishesAt, at: "", isDaemonRunning: activity.isRunning)
        }
        return style.entry("all", end)
    }

    private var days: [String] {
        let names = lanes.map(\.endpoint)
        let pools = forecast.pools.filter { $0.endpoints.contains(where: names.contains) }
            .flatMap { PoolReport($0).lines(style, isAwaited: true) }
        let days = forecast.daysOutOfTokens.map { String(HumanText.iso($0).prefix(10)) }
        if days.isEmpty { return pools }
        let more = forecast.daysOutOfTokensCount - days.count
        let rest = more > 0 ? " and \(HumanText.count(more, "more day", "more days"))" : ""
        return pools
            + style.entry(
                "", "calls wait for the next day's on \(days.joined(separator: ", "))\(rest)")
    }

    private var calls: [String] {
        if forecast.calls.isEmpty { return [] }
        var table = Table([
            ("NEXT CALL", .left), ("ENDPOINT", .left), ("PRODUCTS", .right), ("TOKENS", .right),
            ("WAITS FOR", .left),
        ])
        for call in forecast.calls {
            table.append([
                HumanText.instant(call.at), forecast.name(call), HumanText.number(call.products),
                HumanText.number(call.tokens), call.reason?.reason ?? "",
            ])
        }
        return table.lines(width: style.width)
    }
}
