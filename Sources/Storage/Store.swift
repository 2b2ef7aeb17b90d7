internal import Foundation
internal import GRDB
package import Planning
internal import PostgreSQL
internal import Schema
internal import Synchronization
internal import SystemPackage

/// The queue, the ledger and the results, in one SQLite file. Each method is one transaction.
///
/// Methods are synchronous on purpose: an asynchronous write in a cancelled task is rolled back, and
/// the ledger would lose a call that is already paid for.
package final class Store: Sendable {
    /// What opening may do to the file.
    package enum Access: Sendable {
        /// Create the file if there is none, and upgrade its schema.
        case create
        /// Upgrade the schema; the file must exist.
        case write
        /// Change nothing.
        case read
        /// Change nothing, and open it even if its schema is older or was changed, to report its flaws.
        case examine

        var isReadOnly: Bool { self == .read || self == .examine }
    }

    /// The file, or the server's URL without its password.
    package let path: String
    let engine: Engine
    /// Whether calls begin and end by the server's clock instead of the caller's.
    let usesServerTime: Bool
    /// This run of a daemon in the server's table `host`.
    private let host = Mutex<Int64?>(nil)
    private let beforeCommit: (@Sendable () throws -> Void)?
    let unwritten = UnwrittenSettlements()

    enum Engine {
        case sqlite(SQLiteFile)
        case postgreSQL(PostgreSQLServer)
    }

    struct SQLiteFile {
        let queue: DatabaseQueue
        let busyHandler: BusyHandler
        /// nil in memory.
        var files: StoreFiles?
    }

    /// - Parameters:
    ///   - endpoints: The rows that the reference table of a database opened for writing must have.
    ///   - lockWait: How long a statement waits for another program's transaction.
    ///   - upgrading: Called before the schema of an older file is upgraded, which may take a while.
    ///   - beforeCommit: Called when a transaction has written everything, just before its commit; an error
    ///     that it throws rolls the transaction back. For simulations of a full disk, and of a process that
    ///     is killed at the last moment.
    ///   - usesServerTime: false for simulations, which have a time of their own.
    /// - Throws: `StoreError`
    package init(
        path: String, access: Access, endpoints: [EndpointReference],
        lockWait: Duration = .seconds(5), usesServerTime: Bool = true,
        upgrading: (UpgradeEstimate) -> Void = { _ in },
        beforeCommit: (@Sendable () throws -> Void)? = nil
    ) throws {
        self.beforeCommit = beforeCommit
        self.usesServerTime = usesServerTime
        if PostgreSQLServer.isURL(path) {
            let shown = PostgreSQLServer.shown(path)
            self.path = shown
            let server = PostgreSQLServer(path, lockWait: lockWait)
            engine = .postgreSQL(server)
            do {
                try server.prepare(access, shown: shown)
                if !access.isReadOnly { try Self.refer(server, endpoints) }
            } catch let error as PostgreSQLError {
                throw StoreError(error, path: shown)
            }
            return
        }
        let path = URL(fileURLWithPath: path).standardizedFileURL.path
        self.path = path
        let busyHandler = BusyHandler(lockWait)
        try Self.examine(path, access)
        do {
            if !access.isReadOnly, FileManager.default.fileExists(atPath: path) {
                // Closing a connection that can write would move another program's WAL into its file.
                do {
                    let glance = try DatabaseQueue(
                        path: path, configuration: Self.configuration(.read, busyHandler))
                    _ = try glance.inDatabase { try Self.identify($0, path: path) }
                } catch let error as DatabaseError
                    where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK
                {
                    // A process was killed while it made the file: only a writer can undo that.
                }
            } else if access == .create {
                try Self.makeFile(path)
            }
            let identity = FileIdentity(path)
            let queue = try DatabaseQueue(
                path: path, configuration: Self.configuration(access, busyHandler))
            try queue.inDatabase {
                try Self.prepare($0, path: path, access, busyHandler, upgrading: upgrading)
                if !access.isReadOnly { try Self.refer($0, endpoints) }
            }
            engine = .sqlite(
                SQLiteFile(
                    queue: queue, busyHandler: busyHandler,
                    files: StoreFiles(path: path, database: identity)))
        } catch let error as DatabaseError {
            let problem = StoreError(error, path: path)
            throw access.isReadOnly && problem == .readOnly(path: path)
                ? .notReadable(path: path) : problem
        }
    }

    /// A store in memory, for tests and simulations.
    package init(
        endpoints: [EndpointReference], beforeCommit: (@Sendable () throws -> Void)? = nil
    ) throws {
        path = ":memory:"
        usesServerTime = false
        self.beforeCommit = beforeCommit
        let busyHandler = BusyHandler(.zero)
        let queue = try DatabaseQueue(configuration: Self.configuration(.create, busyHandler))
        engine = .sqlite(SQLiteFile(queue: queue, busyHandler: busyHandler, files: nil))
        try queue.inDatabase {
            try Self.prepare($0, path: path, .create, busyHandler)
            try Self.refer($0, endpoints)
        }
    }

    /// Writes nothing if the table has all rows, as it does except the first time.
    private static func refer(_ db: GRDB.Database, _ endpoints: [EndpointReference]) throws {
        let database = Database(.sqlite(db))
        let known = try database.endpointReferences()
        if endpoints.allSatisfy(known.contains) { return }
        try db.inTransaction(.immediate) {
            try database.write(endpoints)
            return .commit
        }
    }

    private static func refer(
        _ server: PostgreSQLServer, _ endpoints: [EndpointReference]
    ) throws {
        let known = try server.read { try $0.endpointReferences() }
        if endpoints.allSatisfy(known.contains) { return }
        try server.write { try $0.write(endpoints) }
    }

    private static func configuration(
        _ access: Access, _ busyHandler: BusyHandler
    ) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = access.isReadOnly
        configuration.busyMode = busyHandler.mode
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            db.add(function: shownText)
            // FULL: in WAL mode NORMAL may lose the last commits in a power cut, and with them a call.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // The daemon alone checkpoints: SQLite up to 3.51.2 may lose pages when an automatic
            // checkpoint of one connection meets another's commit that resets the log.
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
            // One and a half times the index of a million products, which are inserted in any order: with
            // SQLite's 2 MB the same million takes nearly twice as long.
            if !access.isReadOnly { try db.execute(sql: "PRAGMA cache_size = -48000") }
        }
        return configuration
    }

    private static func examine(_ path: String, _ access: Access) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
        guard isThere, isFolder.boolValue else { throw StoreError.folderMissing(path: path) }
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            if access == .create { return }
            throw StoreError.missing(path: path)
        }
        // SQLite treats a file that is too short for its header as an empty database.
        guard let stat = try? Stat(path), stat.type == .regular, !(1..<16).contains(stat.size)
        else { throw StoreError.notADatabase(path: path) }
        if !access.isReadOnly { try requireOneName(path) }
    }

    /// SQLite would make it readable for every user. The WAL and its index get the file's modes.
    private static func makeFile(_ path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, SharedFolder.fileMode)
        guard descriptor >= 0 else { throw StoreError(making: path, code: errno) }
        defer { close(descriptor) }
        SharedFolder.share(descriptor, in: path)
    }

    /// One transaction that may write. On SQLite it is IMMEDIATE: it has the write lock before it reads, so its
    /// reads are still valid when it writes. On PostgreSQL, `lock` does the same for the ledger of an account.
    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try explained {
            switch engine {
            case .postgreSQL(let server):
                return try server.write(beforeCommit: beforeCommit, body)
            case .sqlite(let file):
                return try file.queue.inDatabase { db in
                    var value: Value?
                    try db.inTransaction(.immediate) {
                        value = try body(Database(.sqlite(db)))
                        try beforeCommit?()
                        return .commit
                    }
                    return value!
                }
            }
        }
    }

    /// Several reads in one transaction: all methods of this store that `body` calls see the same state. None
    /// of them may write.
    package func reading<Value>(_ body: () throws -> Value) throws -> Value {
        try read { _ in try body() }
    }

    /// One read transaction, or a part of the one that `reading` has opened: all of `body` sees the same
    /// state.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try explained {
            switch engine {
            case .postgreSQL(let server): return try server.read(body)
            case .sqlite(let file):
                // GRDB calls this unsafe reentrancy: a call within another one's closure, which `reading`
                // needs.
                return try file.queue.unsafeReentrantWrite { db in
                    if db.isInsideTransaction { return try body(Database(.sqlite(db))) }
                    var value: Value?
                    try db.inTransaction(.deferred) {
                        value = try body(Database(.sqlite(db)))
                        return .commit
                    }
                    return value!
                }
            }
        }
    }

    /// Turns errors of an engine into a `StoreError`.
    func explained<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw explained(error)
        } catch let error as PostgreSQLError {
            throw StoreError(error, path: path)
        }
    }

    /// Whether a database's path is the URL of a PostgreSQL server.
    package static func isOnServer(path: String) -> Bool { PostgreSQLServer.isURL(path) }

    /// Whether a database's path is a server's URL with a password in it.
    package static func hasPassword(path: String) -> Bool {
        isOnServer(path: path) && PostgreSQLServer.shown(path) != path
    }

    /// Whether the database is a PostgreSQL server's, which daemons on several hosts may work.
    package var isOnServer: Bool {
        if case .postgreSQL = engine { true } else { false }
    }

    /// The server's clock, or the caller's.
    package func serverTime(or now: Timestamp) throws -> Timestamp {
        guard isOnServer, usesServerTime else { return now }
        let time = try read { try Int64.fetchOne($0, sql: "SELECT now_ms()") }
        return time.map(Timestamp.init(milliseconds:)) ?? now
    }

    /// The run of a daemon that opens calls through this store, in the server's table `host`.
    var hostID: Int64? {
        get { host.withLock(\.self) }
        set { host.withLock { $0 = newValue } }
    }

    /// What only a file has.
    var files: StoreFiles? {
        guard case .sqlite(let file) = engine else { return nil }
        return file.files
    }

    /// Runs `body` on the connection to a file.
    /// - Throws: `StoreError.notAFile`, or SQLite's errors as `StoreError`.
    func inFile<Value>(_ body: (GRDB.Database, SQLiteFile) throws -> Value) throws -> Value {
        guard case .sqlite(let file) = engine else { throw StoreError.notAFile(url: path) }
        // It may be called within `reading`.
        return try explained { try file.queue.unsafeReentrantWrite { try body($0, file) } }
    }
}
