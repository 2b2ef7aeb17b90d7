internal import Operations
internal import Planning
internal import Providers
internal import Storage

extension WebService {
    /// When everything ends, what it costs, and what would change if more were added.
    var planPage: Page {
        Page(path: "/plan", title: "Plan") { call in
            let jobs = call.query["jobs"].flatMap(QueryParameter.integer) ?? 0
            let endpoint = call.query["endpoint"] ?? Catalog.current.endpoints[0].name
            try QueryParameter.endpoint.check(endpoint)
            let priority = call.query["priority"].flatMap(QueryParameter.integer)
            let shared = try await call.service.reports.plan.value()
            let isWhatIf = jobs > 0
            let changed =
                isWhatIf
                ? try await call.service.plan(
                    adding: [(endpoint, jobs)], priority: priority) : nil
            return PlanPage(
                call: call, plan: shared.report, burnDowns: shared.burnDowns, endpoint: endpoint,
                whatIf: changed
            ).content
        }
    }
}

private struct PlanPage {
    let call: PageCall
    let plan: PlanReport
    let burnDowns: [[(at: String, left: Int)]]
    let endpoint: String
    let whatIf: PlanReport?

    var content: HTML {
        """
        <h1>\(plan.finishesAt.instant.map { "All is done by \(time(HumanText.iso($0)))" as HTML } ?? "Nothing to plan, or a part has no end")</h1>
        \(plan.isDaemonRunning ? "" : "<p class=\"warn\">No daemon is running: the plan assumes that one starts now.</p>")
        \(days)
        <h2>What if more were added?</h2>
        <form method="get" action="\(call.link("/plan"))" class="row" data-instant="whatif">
        <label>Jobs <input name="jobs" type="number" min="0" max="100000000" value="\(call.query["jobs"] ?? "")" placeholder="50000"></label>
        <label>Endpoint <select name="endpoint">\(HTML(Catalog.current.endpoints.map { "<option\($0.name == endpoint ? " selected" : "" as HTML)>\($0.name)</option>" as HTML }))</select></label>
        <label>Priority <input name="priority" type="number" min="0" max="9" value="\(call.query["priority"] ?? "5")"></label>
        <button class="plain">Show</button></form>
        <div id="whatif" role="status">\(answer)</div>
        <h2>Endpoints</h2>\(endpoints(plan))
        <h2>Daily tokens</h2>\(pools)
        <h2>Next calls</h2>\(calls)
        """
    }

    private var days: HTML {
        if plan.daysOutOfTokensCount == 0 { return "" }
        let days = plan.daysOutOfTokens.joined(separator: ", ")
        return
            "<p class=\"warn\">On \(HumanText.count(plan.daysOutOfTokensCount, "day", "days")) calls wait for the next day's tokens: \(days)\(plan.daysOutOfTokensCount > plan.daysOutOfTokens.count ? " and more" : "").</p>"
    }

    private var answer: HTML {
        guard let whatIf else { return "<p class=\"soft\">Enter a number of jobs.</p>" }
        let before = plan.endpoints.first { $0.endpoint == endpoint }
        let after = whatIf.endpoints.first { $0.endpoint == endpoint }
        return """
            <p class="lead">\(endpoint) would be done by <strong>\(after?.finishesAt.instant.map { time(HumanText.iso($0)) } ?? "no end")</strong>,
            instead of \(before?.finishesAt.instant.map { time(HumanText.iso($0)) } ?? "now");
            all of it by \(whatIf.finishesAt.instant.map { time(HumanText.iso($0)) } ?? "no end").
            \(HumanText.count((after?.tokens ?? 0) - (before?.tokens ?? 0), "token", "tokens")) more, \(HumanText.count((after?.calls ?? 0) - (before?.calls ?? 0), "call", "calls")) more.</p>
            """
    }

    private func endpoints(_ plan: PlanReport) -> HTML {
        let rows = plan.endpoints.filter { $0.jobs + $0.paused > 0 }.map { lane in
            """
            <tr><td>\(lane.endpoint)</td><td class="n">\(HumanText.number(lane.jobs))</td><td class="n">\(HumanText.number(lane.calls))</td>
            <td class="n">\(HumanText.number(lane.tokens))</td>
            <td>\(lane.finishesAt.instant.map { time(HumanText.iso($0)) } ?? HTML(lane.standstill.map { "stands: \($0.replacing("_", with: " "))" } ?? "no end"))</td>
            <td>\(lane.followUpsMax > 0 ? "up to \(HumanText.number(lane.followUpsMax)) more follow" : "")</td></tr>
            """ as HTML
        }
        if rows.isEmpty {
            return empty("No job waits. <a href=\"\(call.link("/enqueue"))\">Enqueue products</a>.")
        }
        return ListTable(
            title: "Endpoints",
            columns: ["Endpoint", "Jobs#", "Calls#", "Tokens#", "Done by", "Then"],
            rows: rows
        ).content
    }

    private var pools: HTML {
        "<div class=\"charts\">\(HTML(zip(plan.pools, burnDowns).map(burnDown)))</div>"
    }

    /// The tokens of a pool until its reset, as the planner's calls spend them.
    private func burnDown(_ pool: PoolReport, _ calls: [(at: String, left: Int)]) -> HTML {
        guard let reset = try? ISO8601Instant(pool.resetsAt).timestamp,
            let now = try? ISO8601Instant(plan.at).timestamp
        else { return "" }
        var points = [(at: now, value: Double(pool.tokensLeft))]
        for call in calls {
            guard let at = try? ISO8601Instant(call.at).timestamp else { continue }
            points.append((at: at, value: Double(call.left)))
        }
        points.append((at: reset, value: points.last?.value ?? 0))
        return TimeChart(
            title:
                "\(pool.account), \(pool.endpoints.joined(separator: " and ")): tokens left until the reset, as the planned calls spend them",
            unit: "Tokens left", from: now, to: reset, valueMax: Double(pool.allowanceTokens),
            lines: [.init(style: .forecast, points: points, isStepped: true)]
        ).content
    }

    private var calls: HTML {
        if plan.calls.isEmpty { return empty("No call is planned.") }
        let rows = plan.calls.prefix(20).map { next in
            """
            <tr><td>\(time(next.at))</td><td>\(next.endpoint)</td><td>\(next.account)</td><td class="n">\(next.products)</td>
            <td class="n">\(next.tokens)</td><td>\(next.reason?.replacing("_", with: " ") ?? "")</td></tr>
            """ as HTML
        }
        return ListTable(
            title: "Next calls",
            columns: ["Time", "Endpoint", "Account", "Products#", "Tokens#", "Waits for"],
            rows: rows
        ).content
    }
}
