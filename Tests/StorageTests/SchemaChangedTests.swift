import GRDB
import Planning
import Schema
import Storage
import StoreSupport
import TestSupport
import Testing

/// Stores with a changed schema.
@Suite(.onSQLite)
struct SchemaChangedTests {
    private static let bare = "DROP TABLE queue; CREATE TABLE queue (endpoint TEXT, product TEXT)"

    private func isSchemaChanged(_ error: (any Error)?) -> Bool {
        guard case .schemaChanged? = error as? StoreError else { return false }
        return true
    }

    @Test(
        "a database with a changed schema opens only for examination",
        arguments: [
            bare, "DROP TABLE lane", "DROP INDEX queue_running", "DROP VIEW code",
            "ALTER TABLE ledger RENAME COLUMN message TO words",
        ])
    func opening(_ sql: String) throws {
        try TemporaryFolder.with { folder in
            _ = try Store(path: folder.database, access: .create)
            try DatabaseQueue(path: folder.database).inDatabase { try $0.execute(sql: sql) }
            for access in [Store.Access.create, .write, .read] {
                let error = #expect(throws: StoreError.self) {
                    _ = try Store(path: folder.database, access: access)
                }
                #expect(isSchemaChanged(error), "\(access): \(String(describing: error))")
                #expect(error?.description.contains("\nTry: run asinqd check") == true)
            }
            let store = try Store(path: folder.database, access: .examine)
            #expect(try store.schemaReport()?.flaws.contains { $0.stopsWork } == true)
        }
    }

    @Test("a store works without a trigger, or with an extra column")
    func working() throws {
        try TemporaryFolder.with { folder in
            _ = try Store(path: folder.database, access: .create)
            try DatabaseQueue(path: folder.database).inDatabase {
                try $0.execute(
                    sql: "DROP TRIGGER queue_insert; ALTER TABLE queue ADD COLUMN note TEXT")
            }
            let store = try Store(path: folder.database, access: .write)
            try store.add(asins(1...3))
            #expect(try store.call(now: .noon).jobs.count == 3)
        }
    }

    @Test("a schema that is changed under an open store is an error that waiting does not fix")
    func underway() throws {
        try TemporaryFolder.with { folder in
            let store = try Store(path: folder.database, access: .create)
            try store.add(asins(1...3))
            try DatabaseQueue(path: folder.database).inDatabase { try $0.execute(sql: Self.bare) }
            let error = #expect(throws: StoreError.self) { _ = try store.jobCounts(at: .noon) }
            #expect(isSchemaChanged(error) && error?.failure == .permanent)
        }
    }

    @Test("a rejected row on a correct schema is no change of it")
    func refused() throws {
        let store = try Store()
        let error = #expect(throws: StoreError.self) {
            _ = try store.enqueue(["no ASIN"], at: "images", EnqueueOptions(), now: .noon)
        }
        #expect(error != nil && !isSchemaChanged(error))
    }

    @Test("a column with the name of a later version's ends the upgrade with advice")
    func upgrade() throws {
        try TemporaryFolder.with { folder in
            try DatabaseQueue(path: folder.database).inDatabase { db in
                try db.execute(sql: DatabaseSchema.sql(of: 3))
                try db.execute(
                    sql: """
                        PRAGMA application_id = \(DatabaseSchema.applicationID); PRAGMA user_version = 3;
                        ALTER TABLE ledger ADD COLUMN server_at TEXT
                        """)
            }
            let error = #expect(throws: StoreError.self) {
                _ = try Store(path: folder.database, access: .write)
            }
            #expect(isSchemaChanged(error) && error?.description.contains("server_at") == true)
        }
    }

    @Test("tables of ours without their mark are reported as such")
    func unmarked() throws {
        try TemporaryFolder.with { folder in
            _ = try Store(path: folder.database, access: .create)
            try DatabaseQueue(path: folder.database).inDatabase {
                try $0.execute(sql: "PRAGMA application_id = 0; PRAGMA user_version = 0")
            }
            let unmarked = StoreError.unmarked(path: folder.database, version: 0)
            #expect(throws: unmarked) { _ = try Store(path: folder.database, access: .read) }
            #expect(
                unmarked.description.contains(
                    "application_id = \(DatabaseSchema.applicationID); PRAGMA user_version = \(DatabaseSchema.latestVersion)"
                ))
        }
    }
}
