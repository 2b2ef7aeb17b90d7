internal import Operations
internal import Planning
internal import Providers
internal import Storage

extension WebService {
    /// Search by product, the latest results, and exports.
    var resultsPage: Page {
        Page(path: "/results", title: "Results") { call in
            let endpoint = call.query["endpoint"] ?? Catalog.current.endpoints[0].name
            try QueryParameter.endpoint.check(endpoint)
            let content: HTML
            if let product = call.query["product"] {
                content = try await call.service.found(product, endpoint, call)
            } else {
                content = try await call.service.rows(endpoint, call)
            }
            return """
                <h1>Results</h1>
                \(call.filter("/results", call.select(
                    "endpoint", "Endpoint", Catalog.current.endpoints.map(\.name), chosen: endpoint) + call.field("product", "Product") + call.field("label", "Label")))
                \(content)
                """
        }
    }

    private func found(_ product: String, _ endpoint: String, _ call: PageCall) async throws -> HTML
    {
        try QueryParameter.product.check(product)
        let report = try await database.read {
            try ResultReport.read($0, endpoint: endpoint, product: product, at: call.now)
        }
        guard let report else {
            return empty(
                "\(product) was never asked at \(endpoint). <a href=\"\(call.link("/enqueue"))\">Enqueue it</a>."
            )
        }
        let state = report.job.map {
            "<p>Its job: \(call.job($0.id)), \($0.state.rawValue)</p>" as HTML
        }
        guard let result = report.result else { return empty("Not answered yet.") + (state ?? "") }
        return table([result], endpoint) + (state ?? "")
    }

    private func rows(_ endpoint: String, _ call: PageCall) async throws -> HTML {
        let after = try ResultPage.revision(call.query["cursor"])
        let (label, limit) = (call.query["label"], try call.limit)
        let page = try await database.read {
            try ResultPage.read($0, endpoint: endpoint, label: label, after: after, limit: limit)
        }
        let query = [("endpoint", endpoint as String?), ("label", label)]
        let export = { (format: String) in
            call.link("/api/v1/results", query + [("format", format)])
        }
        if page.items.isEmpty {
            return empty(
                after == 0
                    ? "No result at \(endpoint) yet. They appear as the daemon works the queue."
                    : "No further result.")
        }
        return """
            <p>Export all: <a href="\(export("csv"))" download="\(endpoint).csv">CSV</a>, <a href="\(export("ndjson"))" download="\(endpoint).ndjson">JSON lines</a></p>
            \(table(page.items, endpoint))
            \(page.items.count < limit ? "" : call.next("/results", page.cursor))
            """
    }

    private func table(_ items: [ResultRecord], _ endpoint: String) -> HTML {
        let shape = Catalog.current.endpoint(named: endpoint)?.shape
        let columns = shape?.columns.map(\.name) ?? []
        let rows = items.flatMap { item -> [HTML] in
            let result = item.line.result
            guard result.isFound else {
                return [
                    "<tr><td>\(result.product)</td><td>\(time(HumanText.iso(result.fetchedAt)))</td><td colspan=\"\(max(1, columns.count))\" class=\"soft\">not found</td></tr>"
                ]
            }
            return (shape?.cells(result.body) ?? []).map { cells in
                "<tr><td>\(result.product)</td><td>\(time(HumanText.iso(result.fetchedAt)))</td>\(HTML(cells.map { "<td class=\"wrap\">\($0)</td>" as HTML }))</tr>"
            }
        }
        return ListTable(
            title: "Results",
            columns: (["Product", "Fetched"] + columns.map { $0.replacing("_", with: " ") }).map {
                ListTable.Column(title: $0)
            }, rows: rows
        ).content
    }
}
