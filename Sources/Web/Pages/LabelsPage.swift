internal import Operations
internal import Planning
internal import Storage

extension WebService {
    var labelsPage: Page {
        Page(path: "/labels", title: "Labels", isLive: true) { call in
            let page = try await call.service.labels(after: call.query["cursor"], at: call.now)
            if page.items.isEmpty {
                return "<h1>Labels</h1>"
                    + empty(
                        "No job has a label. Give one to the jobs of a list: <code>asinqd enqueue --images --label spring asins.txt</code>."
                    )
            }
            let rows = page.items.map { label in
                let jobs = label.jobs
                let done = jobs.completed + jobs.cancelled + jobs.discarded
                return """
                    <tr><td><a href="\(call.link("/jobs", [("label", label.label)]))">\(label.label)</a></td>
                    <td class="n">\(HumanText.number(jobs.completed))</td><td class="n">\(HumanText.number(jobs.total - done))</td>
                    <td class="n">\(jobs.discarded == 0 ? "0" : "<a href=\"\(call.link("/jobs", [("label", label.label), ("state", "discarded")]))\">\(HumanText.number(jobs.discarded))</a>" as HTML)</td>
                    <td class="n">\(label.remainingTokens.number.map(HumanText.number) ?? "several pools")</td>
                    <td>\(label.finishesAt.instant.map { time(HumanText.iso($0)) } ?? (jobs.total == done ? "done" : "no end"))</td></tr>
                    """ as HTML
            }
            return """
                <h1>Labels</h1>
                \(ListTable(title: "Labels", columns: ["Label", "Done#", "Open#", "Failed#", "Tokens to go#", "Ends"], rows: rows).content)
                \(call.next("/labels", page.next))
                """
        }
    }

    /// The first page is shared by all viewers.
    private func labels(after cursor: String?, at now: Timestamp) async throws -> LabelPage {
        guard let cursor else { return try await reports.labels.value() }
        let settings = database.settings
        return try await database.read {
            try LabelPage.read(
                settings, $0, limit: ListPage.limitUsual, cursor: cursor, at: now)
        }
    }

    /// Dead letters, grouped by their cause.
    var failuresPage: Page {
        Page(path: "/failures", title: "Failures") { call in
            let endpoint = call.query["endpoint"]
            if let endpoint { try QueryParameter.endpoint.check(endpoint) }
            let page = try await call.service.database.read {
                try JobPage.read(
                    $0, .init(endpoint: endpoint, state: .discarded), limit: ListPage.limitMax,
                    cursor: call.query["cursor"], at: call.now)
            }
            return FailuresPage(call: call, page: page).content
        }
    }
}

private struct FailuresPage {
    private struct Cause: Hashable {
        var endpoint: String
        var error: String
    }

    private static let shown = 5
    let call: PageCall
    let page: JobPage

    var content: HTML {
        if page.items.isEmpty {
            return "<h1>Failures</h1>" + empty("No job has failed for good.")
        }
        let groups = Dictionary(grouping: page.items) {
            Cause(endpoint: $0.endpoint, error: $0.error ?? "")
        }.sorted { ($1.value.count, $0.key.error) < ($0.value.count, $1.key.error) }
        return """
            <h1>Failures</h1>
            <p class="soft">\(page.next == nil ? "All" : "The latest") \(HumanText.count(page.items.count, "dead letter", "dead letters")), by cause.</p>
            <div class="cards">\(HTML(groups.map { card($0.key, $0.value) }))</div>
            \(call.next("/failures", page.next))
            """
    }

    private func card(_ cause: Cause, _ jobs: [JobRecord]) -> HTML {
        let links = jobs.prefix(Self.shown).map {
            "<li><a href=\"\(call.link("/jobs/\($0.id)"))\">\($0.product)</a>, \(time($0.finishedAt ?? ""))</li>"
                as HTML
        }
        let ids = jobs.map { "<input type=\"hidden\" name=\"id\" value=\"\($0.id)\">" as HTML }
        let count = HumanText.count(jobs.count, "job", "jobs")
        return """
            <section class="card" aria-label="\(cause.endpoint): \(cause.error)">
            <h2>\(cause.error.isEmpty ? "No reason was stored" : cause.error)</h2>
            <p>\(count) at \(cause.endpoint)</p><ul>\(HTML(links))</ul>
            \(call.may(.operator) ? "<form method=\"post\" action=\"\(call.link("/jobs"))\">\(HTML(ids))<button class=\"plain\" name=\"change\" value=\"retry\">Retry \(count)</button></form>" as HTML : "")
            </section>
            """
    }
}
