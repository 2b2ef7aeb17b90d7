internal import GRDB
package import Planning

/// The jobs that a command changes: those that match all given parts. At least one is given.
package struct JobSelection: Equatable, Sendable {
    package var endpoint: String?
    /// The account that the jobs name.
    package var account: String?
    package var label: String?
    package var products: [String]
    package var ids: [Int64]
    /// Only jobs whose answer leads to a job at another endpoint.
    package var isLeading: Bool
    /// Only waiting jobs with a time in this range.
    package var notBefore: ClosedRange<Timestamp>?

    package init(
        endpoint: String? = nil, account: String? = nil, label: String? = nil,
        products: [String] = [], ids: [Int64] = [], isLeading: Bool = false,
        notBefore: ClosedRange<Timestamp>? = nil
    ) {
        precondition(
            endpoint != nil || account != nil || label != nil || !products.isEmpty || !ids.isEmpty)
        self.ids = ids
        self.isLeading = isLeading
        self.notBefore = notBefore
        self.endpoint = endpoint
        self.account = account
        self.label = label
        self.products = products
    }
}

extension JobSelection {
    /// Each part with an AND before it.
    var condition: (sql: String, arguments: StatementArguments) {
        get throws {
            var sql = ""
            var arguments: StatementArguments = []
            if let endpoint {
                sql += " AND endpoint = ?"
                arguments += [endpoint]
            }
            if let account {
                sql += " AND account = ?"
                arguments += [account]
            }
            if let label {
                let shown = Database.shows("label", label)
                sql += " AND label IS NOT NULL AND \(shown.sql)"
                arguments += [shown.argument]
            }
            if isLeading { sql += " AND then_lookup IS NOT NULL" }
            if !ids.isEmpty {
                sql += " AND id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))"
                arguments += [Database.jsonArray(ids)]
            }
            if !products.isEmpty {
                sql += " AND product IN (SELECT value FROM json_each(?))"
                arguments += [try Database.jsonArray(products)]
            }
            if let notBefore {
                sql += " AND not_before BETWEEN ? AND ?"
                arguments += [
                    notBefore.lowerBound.milliseconds, notBefore.upperBound.milliseconds,
                ]
            }
            return (sql, arguments)
        }
    }
}
