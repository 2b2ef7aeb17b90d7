internal import NIOPosix
package import Operations
internal import Planning
internal import Providers
internal import Storage
internal import Synchronization

/// Runs operations on the database outside the threads that serve connections: SQLite's calls block.
///
/// Each call has a connection for itself. A connection is reused unless its files were replaced since.
package final class WebDatabase: Sendable {
    /// As many blocking calls run at once; further ones wait.
    private static let threadCount = 4

    package let settings: Settings
    /// Whether nothing may be changed.
    let isReadOnly: Bool
    private let threads: NIOThreadPool
    private let readers: Connections
    private let writers: Connections
    private let watcher = Mutex<Store?>(nil)

    /// - Parameter settings: Without keys.
    package init(_ settings: Settings) {
        self.settings = settings
        isReadOnly = settings.serve.isReadOnly
        readers = Connections(settings, .read)
        writers = Connections(settings, .create)
        threads = NIOThreadPool(numberOfThreads: Self.threadCount)
        threads.start()
    }

    /// Runs one report or several, each in its own transaction.
    /// - Throws: `StoreError`, `OperationError`
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Store) throws -> Value
    ) async throws -> Value {
        try await threads.runIfActive { [readers] in try readers.lend(body) }
    }

    /// - Throws: `Problem` if the service is read-only.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Store) throws -> Value
    ) async throws -> Value {
        if isReadOnly { throw Problem.readOnly }
        return try await threads.runIfActive { [writers] in try writers.lend(body) }
    }

    /// A connection for several calls in a row, which no other caller uses meanwhile.
    final class Lease: Sendable {
        private let store: Store
        private let threads: NIOThreadPool
        private let connections: Connections

        fileprivate init(_ store: Store, _ threads: NIOThreadPool, _ connections: Connections) {
            self.store = store
            self.threads = threads
            self.connections = connections
        }

        func run<Value: Sendable>(
            _ body: @escaping @Sendable (Store) throws -> Value
        ) async throws -> Value {
            try await threads.runIfActive { [store] in try body(store) }
        }

        /// Returns the connection. Without it, as after an error, the connection is closed.
        func end() { connections.giveBack(store) }
    }

    func writer() async throws -> Lease {
        if isReadOnly { throw Problem.readOnly }
        return try await lease(writers)
    }

    func reader() async throws -> Lease { try await lease(readers) }

    private func lease(_ connections: Connections) async throws -> Lease {
        Lease(
            try await threads.runIfActive { try connections.take() }, threads, connections)
    }

    /// Changes whenever another connection commits, or the files are replaced.
    func version() async throws -> Int {
        try await threads.runIfActive { [self] in
            try watcher.withLock { watcher in
                if let known = watcher, (try? known.requireInPlace()) == nil { watcher = nil }
                let store = try watcher ?? readers.open()
                watcher = store
                return try store.dataVersion()
            }
        }
    }

    /// Creates or upgrades the database before the first request, unless the service is read-only.
    func prepare() async throws {
        if isReadOnly { return }
        try await write { _ in }
    }

    func close() async {
        try? await threads.shutdownGracefully()
    }
}

/// The idle connections of one kind.
private final class Connections: Sendable {
    private let settings: Settings
    private let access: Store.Access
    private let idle = Mutex<[Store]>([])

    init(_ settings: Settings, _ access: Store.Access) {
        self.settings = settings
        self.access = access
    }

    func open() throws -> Store {
        let isReader = access == .read
        let store = try Store(
            path: settings.databasePath, access: access,
            endpoints: isReader ? [] : Catalog.current.references)
        if !isReader { try store.register(settings.storedAccounts) }
        return store
    }

    /// An idle one, or a new one.
    func take() throws -> Store {
        if let store = idle.withLock({ $0.popLast() }), (try? store.requireInPlace()) != nil {
            return store
        }
        return try open()
    }

    func giveBack(_ store: Store) { idle.withLock { $0.append(store) } }

    /// One whose call failed is not used again.
    func lend<Value>(_ body: (Store) throws -> Value) throws -> Value {
        let store = try take()
        let value = try body(store)
        giveBack(store)
        return value
    }
}
