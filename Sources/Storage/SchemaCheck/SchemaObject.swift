internal import GRDB
internal import Schema

/// A table, index, trigger or view: a row of `sqlite_schema`.
struct SchemaObject: Sendable {
    struct Column: Sendable {
        var name: String
        var type: String
        var isRequired: Bool
        /// An expression of SQL.
        var defaultValue: String?
    }

    /// `table`, `index`, `trigger` or `view`.
    var type: String
    var name: String
    /// The table or view that an index or trigger belongs to.
    var table: String
    var sql: String
    /// A table's columns.
    var columns: [Column] = []

    /// SQLite's names are case-insensitive.
    var key: String { name.lowercased() }
}

extension SchemaObject {
    /// The objects of a database of `version`, derived from the SQL that creates it: there is no second list.
    static func expected(_ version: Int) throws -> [SchemaObject] {
        version == DatabaseSchema.latestVersion ? try latest.get() : try made(version)
    }

    private static let latest = Result { try made(DatabaseSchema.latestVersion) }

    private static func made(_ version: Int) throws -> [SchemaObject] {
        try DatabaseQueue().inDatabase { db in
            try db.execute(sql: DatabaseSchema.sql(of: version))
            return try all(in: db)
        }
    }

    /// The objects that a statement created; SQLite's own follow from them.
    static func all(in db: GRDB.Database) throws -> [SchemaObject] {
        try GRDB.Row.fetchAll(
            db,
            sql: """
                SELECT type, name, tbl_name, sql FROM sqlite_schema
                WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid
                """
        ).map { row in
            var object = SchemaObject(type: row[0], name: row[1], table: row[2], sql: row[3])
            if object.type == "table" { object.columns = try columns(of: object.name, in: db) }
            return object
        }
    }

    private static func columns(of table: String, in db: GRDB.Database) throws -> [Column] {
        try GRDB.Row.fetchAll(
            db, sql: #"SELECT name, type, "notnull", dflt_value FROM pragma_table_info(?)"#,
            arguments: [table]
        ).map { Column(name: $0[0], type: $0[1], isRequired: $0[2], defaultValue: $0[3]) }
    }
}
