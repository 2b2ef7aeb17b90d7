import Operations
import Planning
import Providers

/// What `plan` says to people.
struct PlanText {
    let forecast: Forecast
    let isDaemonRunning: Bool

    var text: String {
        let labels = LabelForecast.lines(
            LabelForecast.all(forecast), forecast, most: Self.labelsShown)
        return [endpoints + [all] + days, labels, calls].filter { !$0.isEmpty }
            .map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    static let labelsShown = 20

    private var endpoints: [String] {
        forecast.endpoints.flatMap { [line($0)] + followUps($0) }
    }

    /// What may follow is an upper bound, and said as such.
    private func followUps(_ lane: EndpointForecast) -> [String] {
        guard let text = forecast.followUps(lane) else { return [] }
        return ["".padding(to: 10) + text]
    }

    private func line(_ lane: EndpointForecast) -> String {
        let name = lane.endpoint.padding(to: 10)
        let paused =
            lane.paused > 0
            ? " (\(HumanText.count(lane.paused, "paused job", "paused jobs")) left out)" : ""
        guard lane.jobs > 0 else { return name + "nothing to do" + paused }
        let end = forecast.done(lane, isDaemonRunning: true)
        return name
            + "\(Self.jobs(lane)), "
            + "\(HumanText.count(lane.calls, "call", "calls")), "
            + "\(HumanText.count(lane.tokens, "token", "tokens")): \(end)\(paused)"
    }

    /// Where answers have pages, the pages that a job may take are counted.
    private static func jobs(_ lane: EndpointForecast) -> String {
        Catalog.current.endpoint(named: lane.endpoint)?.hasPages == true
            ? HumanText.count(lane.jobs, "page", "pages")
            : HumanText.count(lane.jobs, "job", "jobs")
    }

    private var all: String {
        let end: String
        if let standing = forecast.endpoints.first(where: { $0.standstill != nil }),
            let standstill = standing.standstill
        {
            end = standstill.text(at: standing.endpoint, called: standing.endpoint)
        } else {
            end = forecast.done(forecast.finishesAt, at: "", isDaemonRunning: isDaemonRunning)
        }
        return "all".padding(to: 10) + end
    }

    private var days: [String] {
        let pools = forecast.pools.map { pool in
            "day".padding(to: 10) + HumanText.count(pool.tokensLeft, "token", "tokens")
                + " left for \(PoolReport.drawers(pool.endpoints, pool.account, pool.provider))"
        }
        let days = forecast.daysOutOfTokens.map { String(HumanText.iso($0).prefix(10)) }
        if days.isEmpty { return pools }
        let more = forecast.daysOutOfTokensCount - days.count
        let rest = more > 0 ? " and \(HumanText.count(more, "more day", "more days"))" : ""
        return pools + [
            "".padding(to: 10)
                + "calls wait for the next day's on \(days.joined(separator: ", "))\(rest)"
        ]
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
        return table.lines
    }
}
