internal import Storage

/// What `move` did, or would do. A contract: fields are added, never renamed.
package struct MoveReport: Encodable {
    package struct Table: Encodable {
        package var table: String
        /// Rows in the source, all of which the target has in the end.
        package var rows: Int
        /// Rows that this command copied, or would copy: the others are there from an interrupted one.
        package var moved: Int
    }

    package var from: String
    package var to: String
    package var tables: [Table]
    /// Columns that a program has added to the source.
    package var leftBehind: [String]
    /// Of the target; nil with `--dry-run`.
    package var audit: AuditJSON?

    init(_ extent: MoveExtent, from: Store, to path: String) {
        self.from = from.path
        to = path
        tables = extent.tables.map {
            Table(table: $0.table, rows: $0.rows, moved: $0.rows - $0.present)
        }
        leftBehind = extent.leftBehind
    }

    package var rows: Int { tables.reduce(0) { $0 + $1.rows } }
    package var moved: Int { tables.reduce(0) { $0 + $1.moved } }

    /// For people.
    package func text(wouldMove: Bool) -> String {
        func number(_ table: String) -> Int { tables.first { $0.table == table }?.rows ?? 0 }
        let present = rows - moved
        let earlier =
            present == 0
            ? ""
            : "; \(HumanText.number(present)) of these rows \(present == 1 ? "was" : "were") there"
        return """
            \(wouldMove ? "would move" : "moved") \
            \(HumanText.count(number("queue"), "job", "jobs")), \
            \(HumanText.count(number("ledger"), "call", "calls")), \
            \(HumanText.count(number("result"), "result", "results")), \
            \(HumanText.number(rows)) rows in all\(earlier)
            """
    }

    /// Columns that are not in the target; nil: none.
    package var warning: String? {
        leftBehind.isEmpty
            ? nil
            : "These columns are not asinqd's and were left behind: \(TerminalText.safe(leftBehind.joined(separator: ", ")))."
    }

    /// What to do next.
    package var advice: String {
        """
        Next: set `database: \(TerminalText.safe(to))` in the settings and start the daemon. \(TerminalText.safe(from)) \
        is unchanged. Never start a daemon on it again: the limits belong to the key, and each daemon counts only \
        its own calls.
        """
    }
}
