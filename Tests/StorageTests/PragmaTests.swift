import Schema
import Storage
import StoreSupport
import TestSupport
import Testing

@Suite(.onSQLite)
struct PragmaTests {
    @Test(
        "every commit reaches the disk, and no connection checkpoints by itself",
        arguments: Medium.allCases)
    func inForce(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            #expect(try store.number("PRAGMA synchronous") == 2)
            #expect(try store.number("PRAGMA wal_autocheckpoint") == 0)
            #expect(try store.number("PRAGMA mmap_size") == 0)
            #expect(try store.rows("PRAGMA journal_mode") == [medium == .file ? "wal" : "memory"])
        }
    }

    @Test(
        "a reopened store has the same pragmas",
        arguments: [Store.Access.create, .write, .read])
    func reopened(_ access: Store.Access) throws {
        try TemporaryFolder.with { folder in
            _ = try Store(path: folder.database, access: .create)
            let store = try Store(path: folder.database, access: access)
            #expect(try store.number("PRAGMA synchronous") == 2)
            #expect(try store.number("PRAGMA wal_autocheckpoint") == 0)
            #expect(try store.rows("PRAGMA journal_mode") == ["wal"])
        }
    }

    @Test("the file has the application's id and the version", arguments: Medium.allCases)
    func identity(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            #expect(try store.number("PRAGMA application_id") == DatabaseSchema.applicationID)
            #expect(try store.number("PRAGMA user_version") == DatabaseSchema.latestVersion)
            #expect(try store.libraryVersion().hasPrefix("3."))
        }
    }
}
