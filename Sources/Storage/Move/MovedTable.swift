/// A table that `move` copies: the columns that both databases have.
struct MovedTable {
    var name: String
    var source: Side
    var target: Side
    /// The primary key, by which rows are read in the same order on both engines.
    var key: [String]
    /// The ledger's calls in descending order: the latest ones decide what a limit permits, so a daemon that
    /// starts on an incomplete target calls too little rather than too much.
    var isNewestFirst: Bool

    /// The table in one of the databases.
    struct Side {
        var columns: [TableShape.Column]
        var rowsAreIn: String
    }

    /// The tables of both databases, in the order in which they are copied: the ledger first, and last what leads
    /// to calls. Columns that only one engine has stay behind, such as the host of a call.
    static func shared(_ source: Database, _ target: Database) throws -> [MovedTable] {
        let theirs = try source.tableShapes()
        let ours = try target.tableShapes()
        return theirs.compactMap { name, shape in
            guard let other = ours[name] else { return nil }
            let columns = shape.columns.compactMap { column in
                other.columns.first { $0.name == column.name }.map { (column, $0) }
            }
            return MovedTable(
                name: name, source: Side(columns: columns.map(\.0), rowsAreIn: shape.rowsAreIn),
                target: Side(columns: columns.map(\.1), rowsAreIn: other.rowsAreIn),
                key: shape.key.isEmpty ? other.key : shape.key, isNewestFirst: name == "ledger")
        }.sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }
    }

    /// Columns of a file that the server does not have: a program has added them.
    static func leftBehind(_ source: Database, _ tables: [MovedTable]) throws -> [String] {
        if source.isPostgreSQL { return [] }
        let shapes = try source.tableShapes()
        return tables.flatMap { table in
            (shapes[table.name]?.columns ?? []).map(\.name).filter { name in
                !table.source.columns.contains { $0.name == name }
            }.map { "\(table.name).\($0)" }
        }
    }

    private var rank: Int {
        switch name {
        case "ledger": 0
        case "queue", "schedule", "schedule_product": 2
        default: 1
        }
    }

    /// The rows of a database in the order of the copy, from the first one after `skipped`.
    func cursor(_ db: Database, _ side: Side, skipping skipped: Int = 0) throws -> MovedRowCursor {
        let columns = side.columns.map { column in
            // The bytes of a text, which need not be UTF-8 in a file of an earlier version.
            column.type == "TEXT" ? Database.bytes("\"\(column.name)\"") : "\"\(column.name)\""
        }
        let order = key.map { "\"\($0)\"" + (isNewestFirst ? " DESC" : "") }
        let statement = try db.makeStatement(
            sql: """
                SELECT \(columns.joined(separator: ", ")) FROM \(name)
                ORDER BY \(order.joined(separator: ", "))
                LIMIT \(Int64.max) OFFSET \(skipped)
                """)
        return MovedRowCursor(rows: try Row.fetchCursor(statement), table: self)
    }

    func count(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM \(name)") ?? 0
    }

    /// A row for messages: "queue with id 17".
    func place(_ values: [String?]) -> String {
        let parts = key.map { column in
            let index = source.columns.firstIndex { $0.name == column }
            return "\(column) \(index.flatMap { values[$0] } ?? "NULL")"
        }
        return "\(name) with \(parts.joined(separator: ", "))"
    }
}
