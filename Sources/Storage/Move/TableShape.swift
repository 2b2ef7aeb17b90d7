internal import GRDB
internal import Planning

/// A table as one database has it, or a view in the place of a table of the other engine.
struct TableShape {
    struct Column {
        var name: String
        /// As the database names it.
        var type: String
    }

    var columns: [Column] = []
    /// The columns of the primary key in its order. Only SQLite's are read: each move has a file on one side.
    var key: [String] = []
    /// Where rows are inserted.
    var rowsAreIn: String
}

extension Database {
    /// The tables by their names.
    func tableShapes() throws -> [String: TableShape] {
        var shapes: [String: TableShape] = [:]
        var places: [String: [(place: Int, column: String)]] = [:]
        for row in try Row.fetchAll(self, sql: isPostgreSQL ? Self.serverColumns : Self.fileColumns)
        {
            let name: String = row[0]
            let column = TableShape.Column(name: row[1], type: row[2])
            shapes[name, default: TableShape(rowsAreIn: row[4])].columns.append(column)
            let place: Int = row[3]
            if place > 0 { places[name, default: []].append((place, column.name)) }
        }
        for (name, key) in places {
            shapes[name]?.key = key.sorted { $0.place < $1.place }.map(\.column)
        }
        return shapes
    }

    private static let fileColumns = """
        SELECT tables.name, columns.name, columns.type, columns.pk, tables.name
        FROM sqlite_schema AS tables JOIN pragma_table_info(tables.name) AS columns
        WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite%'
        ORDER BY tables.name, columns.cid
        """

    /// A view that sums parts has them in a table of its own, see `job_tally` in views.sql.
    private static let serverColumns = """
        SELECT pg_class.relname, attname, format_type(atttypid, NULL), 0,
               CASE relkind WHEN 'v' THEN relname || '_part' ELSE relname::text END
        FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = 'asinqd'::regnamespace AND relkind IN ('r', 'v')
          AND attnum > 0 AND NOT attisdropped
        ORDER BY pg_class.relname, attnum
        """
}
