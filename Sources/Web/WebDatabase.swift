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
    private let readers = Mutex<[Store]>([])
    private let writers = Mutex<[Store]>([])
    private let watcher = Mutex<Store?>(nil)

    /// - Parameter settings: Without keys.
    package init(_ settings: Settings) {
        self.settings = settings
        isReadOnly = settings.serve.isReadOnly
        threads = NIOThreadPool(numberOfThreads: Self.threadCount)
        threads.start()
    }

    /// Runs one report or several, each in its own transaction.
    /// - Throws: `StoreError`, `OperationError`
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Store) throws -> Value
    ) async throws -> Value {
        try await threads.runIfActive { [self] in
            let store = try take(readers, .read)
            let value = try body(store)
            readers.withLock { $0.append(store) }
            return value
        }
    }

    /// - Throws: `Problem` if the service is read-only.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Store) throws -> Value
    ) async throws -> Value {
        if isReadOnly { throw Problem.readOnly }
        return try await threads.runIfActive { [self] in
            let store = try take(writers, .create)
            let value = try body(store)
            writers.withLock { $0.append(store) }
            return value
        }
    }

    /// A connection for several calls in a row, which no other caller uses meanwhile.
    final class Lease: Sendable {
        private let store: Store
        private let threads: NIOThreadPool
        private let giveBack: @Sendable (Store) -> Void

        fileprivate init(
            _ store: Store, _ threads: NIOThreadPool, giveBack: @escaping @Sendable (Store) -> Void
        ) {
            self.store = store
            self.threads = threads
            self.giveBack = giveBack
        }

        func run<Value: Sendable>(
            _ body: @escaping @Sendable (Store) throws -> Value
        ) async throws -> Value {
            try await threads.runIfActive { [store] in try body(store) }
        }

        /// Returns the connection. Without it, as after an error, the connection is closed.
        func end() { giveBack(store) }
    }

    func writer() async throws -> Lease {
        if isReadOnly { throw Problem.readOnly }
        return try await lease {
            try self.take(self.writers, .create)
        } giveBack: { [self] store in
            writers.withLock { $0.append(store) }
        }
    }

    func reader() async throws -> Lease {
        try await lease {
            try self.take(self.readers, .read)
        } giveBack: { [self] store in
            readers.withLock { $0.append(store) }
        }
    }

    private func lease(
        _ take: @escaping @Sendable () throws -> Store,
        giveBack: @escaping @Sendable (Store) -> Void
    ) async throws -> Lease {
        Lease(try await threads.runIfActive { try take() }, threads, giveBack: giveBack)
    }

    /// Changes whenever another connection commits, or the files are replaced.
    func version() async throws -> Int {
        try await threads.runIfActive { [self] in
            try watcher.withLock { watcher in
                if let known = watcher, (try? known.requireInPlace()) == nil { watcher = nil }
                let store = try watcher ?? open(.read)
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

    private func open(_ access: Store.Access) throws -> Store {
        let isReader = access == .read
        let store = try Store(
            path: settings.databasePath, access: access,
            endpoints: isReader ? [] : Catalog.current.references)
        if !isReader { try store.register(settings.storedAccounts) }
        return store
    }

    /// An idle connection, or a new one. One whose call failed is not used again.
    private func take(_ idle: borrowing Mutex<[Store]>, _ access: Store.Access) throws -> Store {
        if let store = idle.withLock({ $0.popLast() }), (try? store.requireInPlace()) != nil {
            return store
        }
        return try open(access)
    }
}
