import Foundation
import GRDB
import Storage
import StoreSupport
import TestSupport
import Testing

/// A database whose program crashed still has its last commits in the WAL. They belong to that program: a
/// read must not move them.
@Suite(.onSQLite)
struct ForeignLogTests {
    @Test(
        "another program's WAL is left as it is", arguments: [Store.Access.create, .write, .read])
    func foreignLog(_ access: Store.Access) throws {
        try TemporaryFolder.with { folder in
            try TemporaryFolder.with { other in
                try leaveLog(other, copyingTo: folder)
            }
            let before = try folder.contents().filter { !$0.key.hasSuffix("-shm") }
            #expect(before.count == 2)
            #expect(throws: StoreError.foreign(path: folder.database)) {
                _ = try Store(path: folder.database, access: access)
            }
            #expect(try folder.contents().filter { !$0.key.hasSuffix("-shm") } == before)
        }
    }

    /// Copies the files while a connection has them open: the same as after a crash.
    private func leaveLog(_ other: TemporaryFolder, copyingTo folder: TemporaryFolder) throws {
        let program = try DatabaseQueue(path: other.database)
        try program.inDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    PRAGMA wal_autocheckpoint = 0;
                    CREATE TABLE note (text);
                    INSERT INTO note VALUES ('in the log');
                    """)
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(
                    atPath: other.database + suffix, toPath: folder.database + suffix)
            }
        }
    }
}
