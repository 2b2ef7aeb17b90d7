import GRDB
import Schema
import StoreSupport
import Testing

@testable import Storage

/// The two ways to the schema: in one piece, and by the upgrades.
@Suite(.onSQLite)
struct SchemaTextTests {
    private func objects(_ sql: String) throws -> [String] {
        try DatabaseQueue().inDatabase { db in
            try db.execute(sql: sql)
            return try db.rows(
                """
                SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL
                ORDER BY type, name
                """)
        }
    }

    @Test("current.sql and the upgrades give the same schema, to the letter")
    func equal() throws {
        let current = try objects(DatabaseSchema.current)
        let upgraded = try objects(DatabaseSchema.upgrades.map(\.sql).joined(separator: "\n"))
        #expect(current.count > 40)
        #expect(current == upgraded)
    }

    @Test("The upgrades are numbered from 1, without a gap")
    func numbers() {
        #expect(DatabaseSchema.upgrades.map(\.version) == Array(1...DatabaseSchema.latestVersion))
    }

    @Test("Each id that is a table's only key says NOT NULL, for object-relational mappers")
    func keys() throws {
        try DatabaseQueue().inDatabase { db in
            try db.execute(sql: DatabaseSchema.current)
            #expect(
                try db.rows(
                    """
                    SELECT object.name, key.name FROM sqlite_schema AS object
                    JOIN pragma_table_info(object.name) AS key
                    WHERE object.type = 'table' AND key.pk > 0 AND NOT key."notnull"
                        AND object.name NOT LIKE 'sqlite_%'
                    """) == [])
        }
    }
}
