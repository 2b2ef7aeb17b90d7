internal import Operations
internal import Planning
internal import Storage

extension WebService {
    /// What is being worked on, why it is not faster, and when it will be done.
    var nowPage: Page {
        Page(path: "/", title: "Now", isLive: true) { call in
            NowPage(
                call: call, status: try await call.service.reports.status.value(),
                hours: try await call.service.reports.hours.value()
            ).content
        }
    }

    /// Pauses or resumes an endpoint of an account.
    var laneAction: PageAction {
        PageAction(path: "/lanes", role: .operator) { call, form in
            guard let endpoint = form["endpoint"],
                let command = form["change"].flatMap(LaneCommand.init)
            else { throw Problem.badRequest("The form names no endpoint to pause or resume.") }
            try await call.service.change(lanesOf: endpoint, account: form["account"], command)
            return .redirect(call.link("/"))
        }
    }
}

private struct NowPage {
    let call: PageCall
    let status: StatusReport
    let hours: AnsweredHours

    private var endpoints: [StatusReport.Endpoint] { status.endpoints.filter(\.isInUse) }

    var content: HTML {
        """
        <h1>\(headline)</h1>
        <p class="lead">\(end)</p>
        \(status.rate.products > 0 ? "<p>\(status.rate.text)</p>" as HTML : "")
        \(alerts)
        \(status.endpoints.allSatisfy { $0.jobs.total == 0 } ? empty : "")
        <div class="cards">\(HTML(endpoints.map(card)))</div>
        \(pools)
        \(labels)
        \(HourChart(hours: hours).content)
        <p class="soft">As of \(time(status.at)) · \(DaemonActivity.text(isRunning: status.isDaemonRunning, processID: status.processID))</p>
        """
    }

    private func sum(_ count: (StatusReport.Endpoint) -> Int) -> Int {
        status.endpoints.filter(\.isFirst).reduce(0) { $0 + count($1) }
    }

    /// Whether only a person lets it continue.
    private func stands(_ endpoint: StatusReport.Endpoint) -> Bool {
        [Hold.halted, .paused].map(\.rawValue).contains(endpoint.lane.state)
    }

    /// Jobs that a daemon works now.
    private var working: Int { sum { $0.jobs.running + (stands($0) ? 0 : $0.jobs.ready) } }
    /// Jobs that wait for a person: paused, or of a paused or halted endpoint.
    private var standing: Int { sum { $0.jobs.paused + (stands($0) ? $0.jobs.ready : 0) } }
    /// Jobs that wait for their time.
    private var scheduled: Int { sum(\.jobs.later) }

    private var headline: HTML {
        let jobs = { HumanText.count($0, "job", "jobs") }
        if working > 0 {
            return status.isDaemonRunning
                ? "Working on \(jobs(working))" : "\(jobs(working)) wait for a daemon"
        }
        if standing > 0 { return "\(jobs(standing)) wait until they are resumed" }
        return scheduled > 0 ? "\(jobs(scheduled)) scheduled for later" : "Nothing to do"
    }

    private var end: HTML {
        if working + scheduled == 0 {
            return standing > 0 ? "No other job is open." : "All jobs are done."
        }
        if let instant = status.finishesAt.instant {
            let end: HTML = "<strong>\(time(HumanText.iso(instant)))</strong>"
            return status.isDaemonRunning
                ? "All that may run will be done by \(end)."
                : "Once a daemon runs, all that may run would be done by \(end)."
        }
        return "A part of the jobs has no end: see below."
    }

    private var empty: HTML {
        """
        <div class="empty"><p>The queue is empty. Add products on the page
        <a href="\(call.link("/enqueue"))">Enqueue</a>, or with</p>
        <p><code>asinqd enqueue --images asins.txt</code></p></div>
        """
    }

    private var alerts: HTML {
        var alerts: [HTML] = []
        for endpoint in status.endpoints where endpoint.lane.state == Hold.halted.rawValue {
            alerts.append("<p class=\"alert\">\(endpoint.endpoint) is \(endpoint.lane.text).</p>")
        }
        if !status.isDaemonRunning && working + scheduled + standing > 0 {
            alerts.append(
                "<p class=\"alert\">No daemon is running, so no job is worked. Start it with <code>asinqd run</code> or <code>systemctl start asinqd</code>.</p>"
            )
        }
        if let folder = status.fullDisk {
            alerts.append(
                "<p class=\"alert\">The disk of \(folder) is full: no call is made until there is space.</p>"
            )
        }
        if let advice = status.logAdvice {
            alerts.append("<p class=\"warn\">The database's log is long: \(advice).</p>")
        }
        for missing in status.missingAccounts {
            alerts.append("<p class=\"warn\">\(missing.text)</p>")
        }
        let dead = status.endpoints.filter { $0.isFirst && $0.jobs.discarded > 0 }
        if !dead.isEmpty {
            let count = dead.reduce(0) { $0 + $1.jobs.discarded }
            alerts.append(
                "<p class=\"warn\">\(HumanText.count(count, "job", "jobs")) failed for good. <a href=\"\(call.link("/failures"))\">See why, and retry them</a>.</p>"
            )
        }
        return HTML(alerts)
    }

    private func card(_ endpoint: StatusReport.Endpoint) -> HTML {
        let jobs = endpoint.jobs
        let isAlone = status.endpoints.filter { $0.endpoint == endpoint.endpoint }.count == 1
        return """
            <section class="card" aria-label="\(endpoint.endpoint)">
            <h2>\(endpoint.endpoint)\(isAlone ? "" : " · \(endpoint.account)" as HTML) <span class="badge \(tone(endpoint))">\(word(endpoint))</span></h2>
            <p>\(endpoint.lane.text)</p>
            <p><strong class="number">\(HumanText.number(jobs.ready + jobs.running))</strong> to do now\(later(jobs)), \
            <a href="\(call.link("/jobs", [("endpoint", endpoint.endpoint), ("state", "completed")]))">\(HumanText.number(jobs.completed)) done</a>\(others(endpoint))</p>
            \(endpoint.finishesAt.instant.map { "<p>Done by \(time(HumanText.iso($0)))</p>" as HTML })
            \(HTML(endpoint.limits.map(limit)))
            \(endpoint.lastTrouble.map(lastError))
            \(buttons(endpoint))
            </section>
            """
    }

    /// Pauses the lanes of an endpoint, or lets them continue.
    private func buttons(_ endpoint: StatusReport.Endpoint) -> HTML {
        guard call.may(.operator), endpoint.hasAccount else { return "" }
        let stands = ["paused", "halted", "backing_off"].contains(endpoint.lane.state)
        return """
            <form method="post" action="\(call.link("/lanes"))"><input type="hidden" name="endpoint" value="\(endpoint.endpoint)"><input type="hidden" name="account" value="\(endpoint.account)">
            <button class="plain" name="change" value="\(stands ? "resume" : "pause")" aria-label="\(stands ? "Resume" : "Pause") \(endpoint.endpoint)">\(stands ? "Resume" : "Pause")</button></form>
            """
    }

    private func later(_ jobs: StatusReport.Jobs) -> HTML {
        jobs.later > 0 ? ", \(HumanText.number(jobs.later)) later" : ""
    }

    private func others(_ endpoint: StatusReport.Endpoint) -> HTML {
        var parts: HTML = ""
        if endpoint.jobs.paused > 0 {
            parts += ", \(HumanText.number(endpoint.jobs.paused)) paused"
        }
        if endpoint.jobs.discarded > 0 {
            parts +=
                ", <a href=\"\(call.link("/failures", [("endpoint", endpoint.endpoint)]))\">\(HumanText.number(endpoint.jobs.discarded)) failed</a>"
        }
        return parts
    }

    private func word(_ endpoint: StatusReport.Endpoint) -> String {
        switch endpoint.lane.state {
        // The sentence below says for which limit.
        case "token_bucket", "sliding_window", "lingering", "pool_share": "waiting"
        default: endpoint.lane.state.replacing("_", with: " ")
        }
    }

    private func tone(_ endpoint: StatusReport.Endpoint) -> String {
        switch endpoint.lane.state {
        case "calling", "ready": "good"
        case "halted", "no_account", "disk_full": "bad"
        case "paused": "warning"
        default: ""
        }
    }

    private func limit(_ limit: StatusReport.Limit) -> HTML {
        let name =
            limit.seconds.map { "Window of \(Int($0)) s" }
            ?? "Bucket"
        return meter(name, limit.availableTokens, of: limit.capacityTokens)
    }

    private func lastError(_ error: StatusReport.LastError) -> HTML {
        """
        <p class="warn">Last error: <a href="\(call.link("/ledger/\(error.callID)"))">call \(error.callID)</a>, \
        \(error.outcome.replacing("_", with: " "))\(error.httpStatus.map { " \($0)" } ?? "")\(error.message.map { ": \($0)" } ?? ""), \(time(error.at))</p>
        """
    }

    private var pools: HTML {
        if status.pools.isEmpty { return "" }
        let cards = status.pools.map { pool in
            """
            <section class="card"><h3>\(pool.provider)\(pool.account == pool.provider ? "" : " · \(pool.account)") · \(pool.endpoints.joined(separator: ", "))</h3>
            \(meter("Tokens today", pool.tokensLeft, of: pool.allowanceTokens))
            <p class="soft">Full again \(time(pool.resetsAt))</p></section>
            """ as HTML
        }
        return "<h2>Daily tokens</h2><div class=\"cards\">\(HTML(cards))</div>"
    }

    private var labels: HTML {
        if status.labels.isEmpty { return "" }
        let rows = status.labels.map { label in
            """
            <tr><td><a href="\(call.link("/jobs", [("label", label.label)]))">\(label.label)</a></td>
            <td class="n">\(HumanText.number(label.jobs))</td>
            <td>\(label.finishesAt.instant.map { time(HumanText.iso($0)) } ?? "no end")</td></tr>
            """ as HTML
        }
        return "<h2>Labels</h2>"
            + ListTable(title: "Labels", columns: ["Label", "Jobs#", "Done by"], rows: rows).content
    }
}
