internal import Foundation
internal import GRDB

extension Store {
    /// Changes whenever another connection commits. Our own commits do not show in it.
    package func dataVersion() throws -> Int {
        try access { database in
            try database.inDatabase { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
        }
    }

    /// Beside the database, wherever a link to it leads.
    package var logPath: String { (StoreFiles.resolve(path) ?? path) + "-wal" }

    /// The length of the log (`-wal`) on disk.
    package var logBytes: Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: logPath)
        return (attributes?[.size] as? Int) ?? 0
    }

    /// From this length on a log is worth a warning: reading slows down with it, and it fills the disk.
    /// The daemon moves it into the database from 16 MiB on, so this is what a reader has held back.
    package static let longLogBytes = 256 << 20

    /// What to do about a long log.
    package var longLogAdvice: String {
        """
        a program keeps a read transaction open, or did until a moment ago, so that the log cannot be moved into the database: \
        `fuser -v \(logPath)` shows who has it open
        """
    }

    /// Moves the log into the database file and cuts it to nothing.
    ///
    /// TRUNCATE keeps writers out while it runs, which the automatic PASSIVE kind does not: SQLite
    /// 3.7.0 to 3.51.2 may lose pages when a commit resets the log under a checkpoint.
    /// It waits a second for readers, and keeps writers waiting meanwhile.
    /// - Returns: false where a reader or writer did not let it finish; it is tried again later.
    package func checkpoint() throws -> Bool {
        try access { database in
            try database.inDatabase { db in
                do {
                    _ = try patience.limited(to: .seconds(1)) { try db.checkpoint(.truncate) }
                    return true
                } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                    return false
                }
            }
        }
    }

    /// What a look at the whole file finds, a line each; empty where all is well.
    package func integrityProblems() throws -> [String] {
        try read { db in
            try String.fetchAll(db, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
        }
    }

    package func schemaVersion() throws -> Int {
        try read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
    }

    /// The version of the SQLite library that is linked.
    package func libraryVersion() throws -> String {
        try read { try String.fetchOne($0, sql: "SELECT sqlite_version()") ?? "" }
    }
}
