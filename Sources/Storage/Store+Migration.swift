internal import GRDB
internal import Schema

extension Store {
    /// Brings the database to the latest version, each migration in a transaction of its own.
    ///
    /// `PRAGMA user_version` is the one record of the version: every language can read it.
    /// - Throws: `StoreError.foreign`, `.newer`, `.older`
    static func prepare(_ db: Database, path: String, _ access: Access) throws {
        let applicationID = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
        let isNew = isEmpty && applicationID == 0 && version == 0
        guard applicationID == Migration.applicationID || isNew else {
            throw StoreError.foreign(path: path)
        }
        let known = Migration.latestVersion
        if version > known {
            throw StoreError.newer(path: path, version: version, known: known)
        }
        if access == .read {
            if version < known {
                throw StoreError.older(path: path, version: version, known: known)
            }
            return
        }
        try db.execute(sql: "PRAGMA journal_mode = WAL")
        for migration in Migration.all where migration.version > version {
            try apply(migration, to: db)
        }
    }

    /// Another process may have been faster: the version is read again under the write lock.
    private static func apply(_ migration: Migration, to db: Database) throws {
        try db.inTransaction(.immediate) {
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            guard migration.version > version else { return .commit }
            try db.execute(sql: migration.sql)
            try db.execute(sql: "PRAGMA application_id = \(Migration.applicationID)")
            try db.execute(sql: "PRAGMA user_version = \(migration.version)")
            return .commit
        }
    }
}
