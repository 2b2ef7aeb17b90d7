import GRDB
import Schema
import StoreSupport
import TestSupport

@testable import Storage

/// Files as version 5 created them.
enum VersionFive {
    /// Jobs in several states, and some that were deleted.
    static let jobs = """
        INSERT INTO queue (endpoint, product, label, priority, not_before, batch_limit, enqueued_at)
        VALUES ('images', 'B000000001', 'red', 0, 7, 100, 11), ('barcodes', 'B000000002', NULL, 9, 0, 1, 12);
        INSERT INTO queue (endpoint, product, pages, enqueued_at) VALUES ('search', 'red', 9, 13), ('images', 'B000000003', 3, 14);
        INSERT INTO queue (endpoint, product, then_lookup, enqueued_at) VALUES ('barcodes', 'B000000004', 5, 15);
        INSERT INTO queue (endpoint, product, enqueued_at) VALUES ('lookup', '96385074', 16), ('images', 'B000000005', 17);
        DELETE FROM queue WHERE product = 'B000000001';
        UPDATE queue SET state = 'running', call_id = 3 WHERE product = 'B000000002';
        UPDATE queue SET state = 'running', call_id = 4 WHERE product = 'B000000005';
        UPDATE queue SET state = 'discarded', finished_at = 20, error = 'no', failures = 5, snoozes = 2
        WHERE product = 'B000000005';
        """

    /// Runs `sql` in a file of version 5, upgrades it, and passes its contents to `body`.
    static func upgraded(
        _ sql: String, before: (GRDB.Database) throws -> Void = { _ in },
        after body: (Store) throws -> Void
    ) throws {
        try TemporaryFolder.with { folder in
            try make(folder, sql, before)
            try body(Store(path: folder.database, access: .write))
        }
    }

    static func make(
        _ folder: TemporaryFolder, _ sql: String,
        _ before: (GRDB.Database) throws -> Void = { _ in }
    ) throws {
        try DatabaseQueue(path: folder.database).inDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    \(DatabaseSchema.sql(of: 5));
                    PRAGMA application_id = \(DatabaseSchema.applicationID); PRAGMA user_version = 5;
                    \(sql)
                    """)
            try before(db)
        }
    }
}
