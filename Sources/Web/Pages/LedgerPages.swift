internal import Operations
internal import Planning
internal import Providers
internal import Storage

extension WebService {
    var ledgerPage: Page {
        Page(path: "/ledger", title: "Ledger") { call in
            let filter = try LedgerFilter(call.query)
            let limit = try call.limit
            let page = try await call.service.database.read {
                try LedgerPage.read($0, filter, limit: limit, cursor: call.query["cursor"])
            }
            return """
                <h1>Ledger</h1>
                <p class="soft">Every call, the latest first.</p>
                \(call.filter("/ledger", call.select("endpoint", "Endpoint", Catalog.current.endpoints.map(\.name)) + call.select("outcome", "Outcome", WebService.outcomes) + call.field("product", "Product") + call.field("account", "Account", size: 10)))
                \(page.items.isEmpty ? empty(call.query.isEmpty ? "No call was made yet. Start the daemon with <code>asinqd run</code>." : "No call matches. <a href=\"\(call.link("/ledger"))\">Show all calls</a>.") : ListTable(title: "Calls", columns: CallRows.columns, rows: page.items.map { CallRows.row($0, call) }).content)
                \(call.next("/ledger", page.next))
                """
        }
    }

    var callPage: Page {
        Page(path: "/ledger/{id}", title: "Call", isListed: false, isLive: true) { call in
            let id = try call.id
            let settings = call.service.database.settings
            let content = try await call.service.database.read { store in
                try CallReport.read(settings, store, id: id, at: call.now).map {
                    CallRows.page($0, call)
                }
            }
            guard let content else {
                throw Problem.notFound("call \(id)", hint: "it may have been pruned.")
            }
            return content
        }
    }
}

extension LedgerFilter {
    fileprivate init(_ query: [String: String]) throws {
        for parameter in [QueryParameter.endpoint, .account, .product] {
            if let value = query[parameter.name] { try parameter.check(value) }
        }
        self.init(
            endpoint: query["endpoint"], account: query["account"], outcome: query["outcome"],
            product: query["product"])
    }
}

/// Calls as rows, and one call as a page.
enum CallRows {
    static let columns: [ListTable.Column] = [
        "Call", "Started", "Endpoint", "Products#", "Outcome", "Tokens#", "Remaining#", "Drift#",
        "Message",
    ]

    static func row(_ record: CallRecord, _ call: PageCall) -> HTML {
        """
        <tr><td>\(call.call(record.id))</td><td>\(time(record.startedAt))</td>
        <td>\(record.endpoint)\(record.account == Catalog.current.provider(ofEndpoint: record.endpoint)?.name ? "" : " · \(record.account)")</td>
        <td class="n">\(record.products.count)</td><td>\(outcome(record))</td>
        <td class="n">\(HumanText.number(record.chargedTokens ?? record.reservedTokens))</td>
        <td class="n">\(record.dailyLeft.map(HumanText.number) ?? "")</td>
        <td class="n">\(record.driftTokens.map(HumanText.number) ?? "")</td><td class="wrap">\(record.message ?? "")</td></tr>
        """
    }

    private static func outcome(_ record: CallRecord) -> HTML {
        guard let outcome = record.outcome else {
            return "<span class=\"badge\">in progress</span>"
        }
        let tone = outcome == "succeeded" ? "good" : "bad"
        return
            "<span class=\"badge \(tone)\">\(outcome.replacing("_", with: " "))</span>\(record.httpStatus.map { " \($0)" } ?? "")"
    }

    static func page(_ report: CallReport, _ call: PageCall) -> HTML {
        let record = report.call
        let jobs = report.jobs.prefix(200).map { call.job($0) }
        return """
            <h1>Call \(record.id) \(outcome(record))</h1>
            <p class="lead">\(record.endpoint), account \(record.account), \(HumanText.count(record.products.count, "product", "products")), \(time(record.startedAt))</p>
            <h2>What happened</h2>
            <ul>\(HTML(report.explanation.map { "<li>\($0.text)</li>" as HTML }))</ul>
            <h2>Facts</h2>
            <dl>
            <dt>Reserved</dt><dd>\(HumanText.count(record.reservedTokens, "token", "tokens"))</dd>
            \(record.chargedTokens.map { "<dt>Charged</dt><dd>\(HumanText.count($0, "token", "tokens"))</dd>" as HTML })
            \(record.settledAt.map { "<dt>Settled</dt><dd>\(time($0))</dd>" as HTML })
            \(record.retryAt.map { "<dt>Next call allowed</dt><dd>\(time($0))</dd>" as HTML })
            \(record.dailyLeft.map { "<dt>Balance in the reply</dt><dd>\(HumanText.number($0))</dd>" as HTML })
            \(record.message.map { "<dt>Message</dt><dd>\($0)</dd>" as HTML })
            </dl>
            <details><summary>\(HumanText.count(record.products.count, "product", "products"))</summary>
            <p>\(HTML(record.products.map { HTML($0) }, separator: " "))</p></details>
            \(jobs.isEmpty ? "" : "<details><summary>\(HumanText.count(report.jobs.count, "job", "jobs")) whose last call it is</summary><p>\(HTML(jobs, separator: " "))</p></details>" as HTML)
            """
    }
}
