internal import Operations
internal import Planning

/// What lists have in common: a table that scrolls by itself, a way to the next page, and links to what a row names.
struct ListTable {
    struct Column {
        var title: String
        var isNumber = false
    }

    var title: String
    var columns: [Column]
    var rows: [HTML]

    var content: HTML {
        """
        <div class="scroll" tabindex="0" role="region" aria-label="\(title)"><table>
        <thead><tr>\(HTML(columns.map { "<th scope=\"col\"\($0.isNumber ? " class=\"n\"" : "" as HTML)>\($0.title)</th>" as HTML }))</tr></thead>
        <tbody>\(HTML(rows))</tbody></table></div>
        """
    }
}

extension ListTable.Column: ExpressibleByStringLiteral {
    init(stringLiteral value: String) {
        // A title that ends with a number sign stands above numbers.
        title = value.hasSuffix("#") ? String(value.dropLast()) : value
        isNumber = value.hasSuffix("#")
    }
}

extension PageCall {
    /// The query without its place in the list, and with other values for some names.
    func same(_ path: String, with changes: [String: String?] = [:]) -> String {
        var fields = query
        fields["cursor"] = nil
        for (name, value) in changes { fields[name] = value }
        return link(path, fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    func next(_ path: String, _ cursor: String?) -> HTML {
        guard let cursor else { return "" }
        return
            "<p><a href=\"\(same(path, with: ["cursor": cursor]))\" rel=\"next\">Next page</a></p>"
    }

    /// A form that sends its fields in the address.
    func filter(_ path: String, _ fields: HTML) -> HTML {
        """
        <form method="get" action="\(link(path))" class="row" aria-label="Filter">\(fields)
        <button class="plain">Filter</button>\(query.isEmpty ? "" : " <a href=\"\(link(path))\">All</a>" as HTML)</form>
        """
    }

    /// - Parameter chosen: The value that is always chosen; nil for a filter that may also be left out.
    func select(
        _ name: String, _ title: String, _ values: [String], chosen: String? = nil
    ) -> HTML {
        let all: HTML = chosen == nil ? "<option value=\"\">all</option>" : ""
        let options = values.map {
            "<option\((chosen ?? query[name]) == $0 ? " selected" : "" as HTML)>\($0)</option>"
                as HTML
        }
        return
            "<label>\(title) <select name=\"\(name)\">\(all)\(HTML(options))</select></label>"
    }

    func field(_ name: String, _ title: String, size: Int = 14) -> HTML {
        "<label>\(title) <input name=\"\(name)\" value=\"\(query[name] ?? "")\" size=\"\(size)\"></label>"
    }

    /// The list's limit, which an address may change.
    var limit: Int {
        get throws {
            guard let text = query["limit"] else { return 50 }
            try QueryParameter.limit.check(text)
            return QueryParameter.integer(text) ?? 50
        }
    }

    func job(_ id: Int64) -> HTML { "<a href=\"\(link("/jobs/\(id)"))\">\(id)</a>" }
    func call(_ id: Int64) -> HTML { "<a href=\"\(link("/ledger/\(id)"))\">\(id)</a>" }
}

func empty(_ text: HTML) -> HTML { "<div class=\"empty\"><p>\(text)</p></div>" }
