internal import GRDB
internal import Schema

extension Store {
    /// Creates the tables of a new database, or upgrades an older one to the latest version, with one
    /// transaction for each upgrade.
    ///
    /// `PRAGMA user_version` is the only record of the version: every language can read it.
    /// - Parameter upgrading: Called before an upgrade begins.
    /// - Throws: `StoreError.foreign`, `.unmarked`, `.newer`, `.older`, `.schemaChanged`, `.noRoomToUpgrade`
    static func prepare(
        _ db: GRDB.Database, path: String, _ access: Access, _ busyHandler: BusyHandler,
        upgrading: (UpgradeEstimate) -> Void = { _ in }
    ) throws {
        let version = try identify(db, path: path)
        let known = DatabaseSchema.latestVersion
        if access.isReadOnly, version == 0 || version < known && access == .read {
            throw StoreError.older(path: path, version: version, known: known)
        }
        if access == .examine { return }
        try requireSchema(db, path: path)
        if access == .read { return }
        try enterWAL(db)
        try busyHandler.limited(to: .zero) { try requireWritable(db, version) }
        if version == 0 {
            try apply(DatabaseSchema.current, version: known, to: db, path: path)
            return
        }
        guard version < known else { return }
        if version < UpgradeEstimate.lastCopyingVersion { try requireOwnColumns(db, path: path) }
        let estimate = try UpgradeEstimate(db, path: path, version: version, latest: known)
        if let space = DiskSpace(database: path) { try estimate.require(free: space.bytes) }
        upgrading(estimate)
        for upgrade in DatabaseSchema.upgrades where upgrade.version > version {
            try apply(upgrade.sql, version: upgrade.version, to: db, path: path)
        }
    }

    /// A table that is rebuilt would lose a column that somebody added to it.
    private static func requireOwnColumns(_ db: GRDB.Database, path: String) throws {
        var report: SchemaReport?
        try db.inTransaction(.deferred) {
            report = try SchemaReport(db)
            return .commit
        }
        guard let flaw = report?.flaws.first(where: { !$0.extraColumns.isEmpty }) else { return }
        throw StoreError.schemaChanged(
            path: path, detail: "\(flaw), which an upgrade would delete")
    }

    /// - Returns: The version of the schema. All is read in one transaction, because another process may be
    ///   creating the database at the same time.
    static func identify(_ db: GRDB.Database, path: String) throws -> Int {
        var applicationID = 0
        var version = 0
        var isEmpty = true
        var hasOurTables = false
        try db.inTransaction(.deferred) {
            applicationID = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
            version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
            hasOurTables =
                try Int.fetchOne(
                    db,
                    sql: """
                        SELECT count(*) = 4 FROM sqlite_schema
                        WHERE type = 'table' AND name IN ('queue', 'ledger', 'result', 'lane')
                        """) == 1
            return .commit
        }
        let isNew = isEmpty && applicationID == 0 && version == 0
        guard applicationID == DatabaseSchema.applicationID || isNew else {
            throw hasOurTables && applicationID == 0
                ? StoreError.unmarked(path: path, version: version)
                : StoreError.foreign(path: path)
        }
        let known = DatabaseSchema.latestVersion
        if version > known {
            throw StoreError.newer(path: path, version: version, known: known)
        }
        return version
    }

    /// SQLite silently opens a read-only file for reading.
    private static func requireWritable(_ db: GRDB.Database, _ version: Int) throws {
        do {
            try db.inTransaction(.immediate) {
                try db.execute(sql: "PRAGMA user_version = \(version)")
                return .rollback
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        }
    }

    /// The change to WAL fails at once if another process makes it at the same time: so wait, then try again.
    private static func enterWAL(_ db: GRDB.Database) throws {
        for _ in 1...100 {
            do {
                try db.execute(sql: "PRAGMA journal_mode = WAL")
                return
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                try db.inTransaction(.exclusive) { .commit }
            }
        }
        try db.execute(sql: "PRAGMA journal_mode = WAL")
    }

    /// Another process may have been faster: the version is read again under the write lock.
    private static func apply(
        _ sql: String, version: Int, to db: GRDB.Database, path: String
    ) throws {
        do {
            try db.inTransaction(.immediate) {
                let present = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
                guard version > present else { return .commit }
                try db.execute(sql: sql)
                try db.execute(sql: "PRAGMA application_id = \(DatabaseSchema.applicationID)")
                try db.execute(sql: "PRAGMA user_version = \(version)")
                return .commit
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
            throw StoreError.schemaChanged(
                path: path,
                detail: "the step to version \(version) fails (\(error.message ?? ""))")
        }
    }
}
