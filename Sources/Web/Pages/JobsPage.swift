internal import Foundation
internal import Operations
internal import Planning
internal import Providers
internal import Storage

extension WebService {
    var jobsPage: Page {
        Page(path: "/jobs", title: "Jobs") { call in
            let filter = try JobsPage.filter(call.query)
            let limit = try call.limit
            let page = try await call.service.database.read {
                try JobPage.read(
                    $0, filter, limit: limit, cursor: call.query["cursor"], at: call.now)
            }
            return JobsPage(call: call, filter: filter).content(page)
        }
    }

    /// Cancels, retries, pauses or resumes: what is selected, or all that match the filter. It counts first.
    var changeAction: PageAction {
        PageAction(path: "/jobs", role: .operator) { call, form in
            guard let change = form["change"].flatMap(JobChange.init) else {
                throw Problem.badRequest("The form names no change.")
            }
            let page = JobsPage(call: call, filter: try JobsPage.filter(form.single))
            let ids = form["scope"] == "all" ? [] : form.all("id").compactMap(Int64.init)
            if ids.isEmpty && form["scope"] != "all" {
                throw Problem.badRequest(
                    "No job is selected.", hint: "select jobs, or all that match a filter.")
            }
            let isConfirmed = form["confirmed"] != nil
            let changed = try await call.service.changed(
                page.filter, ids: ids, change, isDryRun: !isConfirmed)
            if isConfirmed {
                return .page(title: "Jobs", page.report(change, changed))
            }
            return .page(title: "Jobs", page.confirmation(change, changed, ids, form))
        }
    }

    private func changed(
        _ filter: JobFilter, ids: [Int64], _ change: JobChange, isDryRun: Bool
    ) async throws -> Int {
        if ids.isEmpty {
            return try await changed(filter, change, isDryRun: isDryRun).changed
        }
        let now = now()
        return try await database.write { store in
            let command = change.command(at: now)
            let selections = [JobSelection(ids: ids)]
            return isDryRun
                ? try store.count(selections, for: command)
                : try store.change(selections, by: command).changed
        }
    }
}

extension PageAction.Form {
    /// The first value of each field.
    var single: [String: String] {
        Dictionary(
            fields.filter { !$0.value.isEmpty }.map { ($0.name, $0.value) },
            uniquingKeysWith: { first, _ in first })
    }
}

struct JobsPage {
    let call: PageCall
    let filter: JobFilter

    static func filter(_ query: [String: String]) throws -> JobFilter {
        for parameter in [QueryParameter.endpoint, .state, .label, .product, .account] {
            if let value = query[parameter.name] { try parameter.check(value) }
        }
        return JobFilter(
            endpoint: query["endpoint"], account: query["account"],
            state: query["state"].flatMap(JobState.init), label: query["label"],
            product: query["product"])
    }

    func content(_ page: JobPage) -> HTML {
        """
        <h1>Jobs</h1>
        \(call.filter("/jobs", call.select("endpoint", "Endpoint", Catalog.current.endpoints.map(\.name)) + call.select("state", "State", JobState.allCases.map(\.rawValue)) + call.field("label", "Label") + call.field("product", "Product")))
        \(page.items.isEmpty ? nothing : list(page))
        """
    }

    private var nothing: HTML {
        call.query.isEmpty
            ? empty("No job yet. <a href=\"\(call.link("/enqueue"))\">Enqueue products</a>.")
            : empty("No job matches. <a href=\"\(call.link("/jobs"))\">Show all jobs</a>.")
    }

    private func list(_ page: JobPage) -> HTML {
        let mayChange = call.may(.operator)
        let rows = page.items.map { job in
            """
            <tr>\(mayChange ? "<td><input type=\"checkbox\" name=\"id\" value=\"\(job.id)\" aria-label=\"Select job \(job.id)\"></td>" as HTML : "")
            <td>\(call.job(job.id))</td><td>\(job.endpoint)</td><td>\(job.product)</td>
            <td><span class="badge \(Self.tone(job.state))">\(job.state.rawValue)</span></td>
            <td class="n">\(job.priority)</td><td>\(job.label ?? "")</td><td>\(time(job.enqueuedAt))</td>
            <td>\(job.finishedAt.map(time) ?? job.notBefore.map { "not before \(time($0))" as HTML } ?? "")</td>
            <td class="wrap">\(job.error ?? "")</td></tr>
            """ as HTML
        }
        let columns: [ListTable.Column] =
            (mayChange ? ["Select"] : []) + [
                "Job", "Endpoint", "Product", "State", "Priority#", "Label", "Enqueued", "Ended",
                "Error",
            ]
        let table = ListTable(title: "Jobs", columns: columns, rows: rows).content
        guard mayChange else { return table + call.next("/jobs", page.next) }
        return """
            <form method="post" action="\(call.link("/jobs"))">\(hiddenFilter)
            <div class="row actions"><label class="line"><input type="checkbox" data-all="id"> Select all on this page</label>
            <label class="line">With <select name="scope"><option value="selected">the selected jobs</option>\(isNarrow ? "<option value=\"all\">all jobs that match the filter</option>" as HTML : "")</select></label>
            \(HTML(JobChange.allCases.map { "<button class=\"plain\" name=\"change\" value=\"\($0.rawValue)\">\($0.rawValue.capitalized)</button>" as HTML }))
            </div>\(table)</form>
            \(call.next("/jobs", page.next))
            """
    }

    /// Whether the filter names something that limits a change of all jobs that match.
    private var isNarrow: Bool {
        filter.endpoint != nil || filter.label != nil || filter.product != nil
    }

    private var hiddenFilter: HTML {
        let fields = [
            ("endpoint", filter.endpoint), ("account", filter.account),
            ("state", filter.state?.rawValue), ("label", filter.label),
            ("product", filter.product),
        ]
        return HTML(
            fields.compactMap { name, value in
                value.map { "<input type=\"hidden\" name=\"\(name)\" value=\"\($0)\">" }
            })
    }

    func confirmation(
        _ change: JobChange, _ count: Int, _ ids: [Int64], _ form: PageAction.Form
    ) -> HTML {
        let number = HumanText.count(count, "job", "jobs")
        let hiddenIDs = ids.map { "<input type=\"hidden\" name=\"id\" value=\"\($0)\">" as HTML }
        return """
            <h1>\(change.rawValue.capitalized) \(number)?</h1>
            <p class="lead">\(ids.isEmpty ? "All jobs that match the filter" : "The selected jobs") that this can change: \(number).</p>
            <form method="post" action="\(call.link("/jobs"))" class="row">\(hiddenFilter)\(HTML(hiddenIDs))
            <input type="hidden" name="change" value="\(change.rawValue)"><input type="hidden" name="scope" value="\(ids.isEmpty ? "all" : "selected")">
            <button name="confirmed" value="1"\(change == .cancel ? " class=\"danger\"" : "" as HTML)\(count == 0 ? " disabled" : "" as HTML)>\(change.rawValue.capitalized) \(number)</button>
            <a href="\(call.link("/jobs", form.single.filter { !["change", "id", "scope"].contains($0.key) }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))">Back to the list</a></form>
            """
    }

    func report(_ change: JobChange, _ count: Int) -> HTML {
        let done =
            switch change {
            case .cancel: "cancelled"
            case .retry: "back in the queue"
            case .pause: "paused"
            case .resume: "resumed"
            }
        return """
            <h1>\(HumanText.count(count, "job", "jobs")) \(done)</h1>
            <p><a href="\(call.link("/jobs"))">All jobs</a> · <a href="\(call.link("/"))">Now</a></p>
            """
    }

    static func tone(_ state: JobState) -> String {
        switch state {
        case .discarded: "bad"
        case .paused, .cancelled: "warning"
        case .completed, .running: "good"
        case .ready, .later: ""
        }
    }
}
