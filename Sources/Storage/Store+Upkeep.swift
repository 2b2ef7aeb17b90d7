internal import Foundation
internal import GRDB

extension Store {
    /// Changes whenever another connection commits. Our own commits do not change it.
    package func dataVersion() throws -> Int {
        switch engine {
        case .sqlite: try inFile { db, _ in try Int.fetchOne(db, sql: "PRAGMA data_version") ?? 0 }
        case .postgreSQL:
            // Each transaction that writes takes a number, of whichever database of the server.
            try read {
                try Int.fetchOne(
                    $0, sql: "SELECT pg_snapshot_xmax(pg_current_snapshot())::text") ?? 0
            }
        }
    }

    /// The WAL is next to the database, at the target of a link.
    package var walPath: String { (StoreFiles.resolve(path) ?? path) + DatabaseFiles.wal }

    /// The length of the WAL (`-wal`) on disk.
    package var walBytes: Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: walPath)
        return (attributes?[.size] as? Int) ?? 0
    }

    /// A WAL of this length or more causes a warning: it slows reading down and fills the disk. The daemon
    /// moves it into the database from 16 MiB on, so a reader must have prevented that.
    package static let longWALBytes = 256 << 20

    /// Advice about a long WAL.
    package var longWALAdvice: String {
        """
        a program keeps a read transaction open, or did until a moment ago, which prevents a checkpoint: \
        `fuser -v \(walPath)` shows which programs have it open
        """
    }

    /// Moves the WAL into the database file and truncates it.
    ///
    /// TRUNCATE blocks writers while it runs, which the automatic PASSIVE kind does not: SQLite 3.7.0 to
    /// 3.51.2 may lose pages when a commit resets the WAL during a checkpoint. It waits a second for readers,
    /// and blocks writers meanwhile.
    /// - Returns: false if a reader or writer kept it from finishing; it is tried again later.
    package func checkpoint() throws -> Bool {
        try inFile { db, file in
            do {
                _ = try file.busyHandler.limited(to: .seconds(1)) { try db.checkpoint(.truncate) }
                return true
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                return false
            }
        }
    }

    /// The problems that a check of the whole file finds, one in each line; empty if there are none.
    package func integrityProblems() throws -> [String] {
        try inFile { db, _ in
            try String.fetchAll(db, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
        }
    }

    package func schemaVersion() throws -> Int {
        switch engine {
        case .sqlite: try inFile { db, _ in try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 }
        case .postgreSQL:
            try read { try Int.fetchOne($0, sql: "SELECT version FROM schema_version") ?? 0 }
        }
    }

    /// The version of the SQLite library that is linked.
    package func libraryVersion() throws -> String {
        switch engine {
        case .sqlite:
            try inFile { db, _ in try String.fetchOne(db, sql: "SELECT sqlite_version()") ?? "" }
        case .postgreSQL:
            try read { try String.fetchOne($0, sql: "SHOW server_version") ?? "" }
        }
    }
}
