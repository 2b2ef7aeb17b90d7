import CSQLite
import Foundation

/// SQLite's plain C interface.
final class RawSQLite {
    private var connection: OpaquePointer?

    struct Failed: Error {
        var message: String
    }

    /// - Parameter cache: `PRAGMA cache_size`; nil for SQLite's default, 2 MB.
    init(_ path: String, cache: Int? = nil) throws {
        try check(sqlite3_open(path, &connection))
        if let cache { try execute("PRAGMA cache_size = \(cache)") }
        try execute(
            "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0")
    }

    deinit {
        sqlite3_close(connection)
    }

    func execute(_ sql: String) throws {
        try check(sqlite3_exec(connection, sql, nil, nil, nil))
    }

    /// The statement with each text bound in turn as its one argument.
    func forEach(_ texts: [String], _ sql: String, every batch: Int) throws {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v2(connection, sql, -1, &statement, nil))
        defer { sqlite3_finalize(statement) }
        var index = 0
        while index < texts.count {
            try execute("BEGIN IMMEDIATE")
            for text in texts[index..<min(index + batch, texts.count)] {
                _ = text.utf8.withContiguousStorageIfAvailable { bytes in
                    bytes.withMemoryRebound(to: CChar.self) {
                        sqlite3_bind_text(statement, 1, $0.baseAddress, Int32($0.count), nil)
                    }
                }
                guard sqlite3_step(statement) == SQLITE_DONE else {
                    throw Failed(message: String(cString: sqlite3_errmsg(connection)))
                }
                sqlite3_reset(statement)
            }
            try execute("COMMIT")
            index += batch
        }
    }

    /// The first column of each row.
    func column(_ sql: String) throws -> [Int64] {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v2(connection, sql, -1, &statement, nil))
        defer { sqlite3_finalize(statement) }
        var values: [Int64] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            values.append(sqlite3_column_int64(statement, 0))
        }
        return values
    }

    private func check(_ code: Int32) throws {
        guard code == SQLITE_OK else {
            throw Failed(message: String(cString: sqlite3_errmsg(connection)))
        }
    }
}
