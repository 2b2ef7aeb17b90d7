import Foundation
import GRDB
import Storage
import StoreSupport
import TestSupport
import Testing

@Suite(.onSQLite)
struct KilledCreationTests {
    @Test(
        "A file whose creation was killed in its first transaction is created by the next command")
    func journal() throws {
        try TemporaryFolder.with { folder in
            let begun = folder.path(of: "begun.sqlite")
            let queue = try DatabaseQueue(path: begun)
            try queue.inDatabase { db in
                try db.execute(sql: "CREATE TABLE any (thing); DROP TABLE any")
                try db.inTransaction(.immediate) {
                    try db.execute(sql: "PRAGMA user_version = 9")
                    // As a process leaves it that is killed here.
                    for suffix in ["", "-journal"] {
                        try FileManager.default.copyItem(
                            atPath: begun + suffix, toPath: folder.database + suffix)
                    }
                    return .rollback
                }
            }
            let store = try Store(path: folder.database, access: .create)
            #expect(try store.number("SELECT count(*) FROM endpoint") == 4)
        }
    }
}
