internal import GRDB
package import Planning

extension Store {
    /// A page of the jobs that match, the latest first: by id, and for a finished state without a label by the
    /// instant at which they finished.
    ///
    /// An index has the jobs of a label, of a finished state, and those that run. For other filters, and for
    /// the further parts of these, jobs are read one by one: at most `Database.pageRowsMax` a page.
    ///
    /// - Parameters:
    ///   - limit: 1 or more.
    ///   - after: The `next` of the page before, for the same filter.
    package func jobs(
        _ filter: JobFilter, limit: Int, after: PageKey?, at now: Timestamp
    ) throws -> Page<JobLine> {
        try read { db in
            let ranges = try db.ranges(filter, after: after ?? .start, at: now)
            return try db.page(ranges, limit: limit) { JobLine($0, at: now) }
        }
    }
}

extension Database {
    fileprivate func ranges(
        _ filter: JobFilter, after: PageKey, at now: Timestamp
    ) throws -> [PageRange] {
        let match = Self.match(filter, at: now)
        func range(
            _ index: String, _ condition: String, _ arguments: StatementArguments,
            by instant: String = "0", _ key: String = "id < ?", _ keys: StatementArguments? = nil
        ) -> PageRange {
            let order = instant == "0" ? "id DESC" : "\(instant) DESC, id DESC"
            return PageRange(
                sql: """
                    SELECT \(JobLine.columns), \(instant), id, \(match.sql)
                    FROM queue \(index) WHERE \(condition) AND \(key) ORDER BY \(order)
                    """,
                arguments: match.arguments + arguments + (keys ?? [after.id]))
        }
        let endpoints = try filter.endpoint.map { [$0] } ?? endpointReferences().map(\.name)
        if let label = filter.label {
            let shown = Self.shows("label", label)
            // No index finds a text by how it is shown.
            guard shown.sql == "label = ?" else { return [range("NOT INDEXED", "TRUE", [])] }
            let states = filter.state.map { [$0] } ?? JobState.allCases
            let columns = Set(states.map(\.column)).sorted()
            return endpoints.flatMap { endpoint in
                columns.map { state in
                    range(
                        "INDEXED BY queue_label", "label = ? AND endpoint = ? AND state = ?",
                        [shown.argument, endpoint, state])
                }
            }
        }
        if filter.isByEnd, let state = filter.state {
            // Two ranges, because one row-value comparison would read all rows of the instant again.
            return endpoints.flatMap { endpoint in
                [
                    ("finished_at = ? AND id < ?", [after.instant, after.id]),
                    ("finished_at < ?", [after.instant]),
                ].map { (key: String, keys: StatementArguments) in
                    range(
                        "INDEXED BY queue_finished",
                        "endpoint = ? AND state = ? AND finished_at IS NOT NULL",
                        [endpoint, state.column], by: "finished_at", key, keys)
                }
            }
        }
        if filter.state == .running {
            return [range("INDEXED BY queue_running", "state = 'running'", [])]
        }
        return [range("NOT INDEXED", "TRUE", [])]
    }

    private static func match(
        _ filter: JobFilter, at now: Timestamp
    ) -> (sql: String, arguments: StatementArguments) {
        var conditions = ["TRUE"]
        var arguments: StatementArguments = []
        func add(_ condition: String, _ more: StatementArguments) {
            conditions.append(condition)
            arguments += more
        }
        if let endpoint = filter.endpoint { add("endpoint = ?", [endpoint]) }
        if let account = filter.account { add("account = ?", [account]) }
        if let state = filter.state { add("state = ?", [state.column]) }
        if let times = filter.state?.notBefore(at: now) {
            add(
                "not_before BETWEEN ? AND ?",
                [times.lowerBound.milliseconds, times.upperBound.milliseconds])
        }
        if let label = filter.label {
            let shown = shows("label", label)
            add("label IS NOT NULL AND \(shown.sql)", [shown.argument])
        }
        if let product = filter.product {
            let shown = shows("product", product)
            add(shown.sql, [shown.argument])
        }
        return (conditions.joined(separator: " AND "), arguments)
    }
}
