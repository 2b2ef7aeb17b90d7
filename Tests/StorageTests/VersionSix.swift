import GRDB
import Schema
import StoreSupport
import TestSupport

@testable import Storage

/// Files as version 6 created them.
enum VersionSix {
    static func make(_ folder: TemporaryFolder, _ sql: String) throws {
        try DatabaseQueue(path: folder.database).inDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    \(DatabaseSchema.sql(of: 6));
                    PRAGMA application_id = \(DatabaseSchema.applicationID); PRAGMA user_version = 6;
                    \(sql)
                    """)
        }
    }
}
