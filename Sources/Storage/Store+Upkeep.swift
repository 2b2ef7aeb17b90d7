internal import Foundation
internal import GRDB
package import Planning

extension Store {
    /// Changes whenever another connection commits. Our own commits do not show in it.
    package func dataVersion() throws -> Int {
        try access { database in
            try database.inDatabase { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
        }
    }

    /// The length of the log (`-wal`) on disk.
    package var logBytes: Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
        return (attributes?[.size] as? Int) ?? 0
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

    /// The version of the SQLite library that is linked.
    package func libraryVersion() throws -> String {
        try read { try String.fetchOne($0, sql: "SELECT sqlite_version()") ?? "" }
    }

    /// How much a `prune` deletes in one transaction.
    private static let pruneBatch = 10_000

    /// Deletes jobs that finished before `limit`: `states` of completed, cancelled, discarded.
    /// Transactions are bounded, so that others are not kept waiting.
    package func pruneJobs(_ states: [String], finishedBefore limit: Timestamp) throws -> Int {
        var deleted = 0
        while true {
            let count = try write { db in
                try db.execute(
                    sql: """
                        DELETE FROM queue WHERE id IN (
                            SELECT id FROM queue
                            WHERE endpoint IN ('images', 'barcodes', 'lookup', 'search')
                              AND finished_at < ? AND state IN (SELECT value FROM json_each(?))
                            LIMIT ?)
                        """,
                    arguments: [
                        limit.milliseconds, try Database.jsonArray(states), Self.pruneBatch,
                    ])
                return db.changesCount
            }
            deleted += count
            if count < Self.pruneBatch { return deleted }
        }
    }

    /// Deletes settled ledger entries that started before `limit`, save the last ones of each
    /// endpoint, which the limits may still need.
    package func pruneLedger(startedBefore limit: Timestamp) throws -> Int {
        var deleted = 0
        while true {
            let count = try write { db in
                try db.execute(
                    sql: """
                        WITH kept AS MATERIALIZED (
                            SELECT value AS endpoint,
                                (SELECT id FROM ledger WHERE endpoint = value
                                 ORDER BY id DESC LIMIT 1 OFFSET 99) AS first
                            FROM json_each('["images","barcodes","lookup","search"]'))
                        DELETE FROM ledger WHERE id IN (
                            SELECT ledger.id FROM kept JOIN ledger
                                ON ledger.endpoint = kept.endpoint AND ledger.id < kept.first
                            WHERE started_at < ? AND settled_at IS NOT NULL
                            LIMIT ?)
                        """,
                    arguments: [limit.milliseconds, Self.pruneBatch])
                return db.changesCount
            }
            deleted += count
            if count < Self.pruneBatch { return deleted }
        }
    }
}
