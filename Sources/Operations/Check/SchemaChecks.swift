internal import Storage

/// Tables, indexes, triggers and views, compared with what the schema's version has.
struct SchemaChecks {
    let report: SchemaReport
    let path: String

    var findings: [Finding] {
        let flaws = report.flaws.map { flaw in
            Finding(flaw.kind == .foreign ? .warning : .problem, "schema", flaw.description)
        }
        guard let advice else {
            return [Finding(.ok, "schema", "each table, index, trigger and view is as expected")]
                + flaws
        }
        return [advice] + flaws
    }

    /// One advice for all flaws together; nil if there is none.
    private var advice: Finding? {
        let count = report.flaws.count { $0.kind != .foreign }
        if count == 0 { return nil }
        if let actual = report.actualVersion {
            return Finding(
                .problem, "schema",
                """
                it is that of version \(actual), but PRAGMA user_version is \(report.version). \
                Try: run sqlite3 \(path) 'PRAGMA user_version = \(actual)'
                """)
        }
        let tables = report.flaws.filter {
            $0.type == "table" && $0.kind == .changed && $0.extraColumns.isEmpty
        }.map(\.name)
        let kept =
            tables.isEmpty
            ? ""
            : """
             This keeps the rows of \(tables.joined(separator: ", ")) that the rules allow, and \
            all of them in \(tables.map { "\($0)_replaced" }.joined(separator: ", ")). Rows that were \
            deleted with the former table are only in the last copy by asinqd backup: see Restore \
            in docs/operating.md
            """
        return Finding(
            .problem, "schema",
            """
            \(HumanText.count(count, "object is", "objects are")) missing or changed, listed below. \
            Try: stop the daemon and every program that uses the database; then run \
            sqlite3 \(path) '.backup before-repair.sqlite'; \
            asinqd check --repair-sql > repair.sql; sqlite3 \(path) < repair.sql; asinqd check.\(kept)
            """)
    }
}
