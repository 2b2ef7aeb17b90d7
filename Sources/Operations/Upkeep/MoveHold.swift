internal import Planning
internal import Storage

/// The right of a daemon to work a database, held while its queue is moved: no daemon starts meanwhile.
final class MoveHold {
    private let store: Store
    private let right: any WorkRight
    private let lease: HostLease?
    private let wallTime: () -> Timestamp
    private let uptime: @Sendable () -> Duration
    private var attendedAt: Duration

    /// - Parameters:
    ///   - uptime: The time that has passed, which cannot be set.
    ///   - now: This host's time.
    /// - Throws: `OperationError` if a daemon works the database; `StoreError`
    init(
        _ store: Store, uptime: @escaping @Sendable () -> Duration, now: @escaping () -> Timestamp
    ) throws {
        self.store = store
        wallTime = now
        self.uptime = uptime
        attendedAt = uptime()
        if store.isOnServer {
            // A registration of this command would only be noise in the table of hosts.
            if try store.isWorked { throw Self.isWorked(store) }
            let lease = try HostLease(store, uptime: uptime)
            self.lease = lease
            right = lease
            guard try lease.attend(wallTime) else {
                lease.resign()
                throw Self.isWorked(store)
            }
        } else {
            guard let lock = try DaemonLock(database: store.path, lockingFile: true) else {
                throw Self.isWorked(store)
            }
            lease = nil
            right = lock
        }
    }

    /// Keeps the right. To be called every few seconds.
    /// - Throws: `StoreError` if it is lost
    func extend() throws {
        if let lease, uptime() - attendedAt >= HostLease.attendInterval {
            attendedAt = uptime()
            _ = try lease.attend(wallTime)
        }
        try right.requireValid(for: store)
    }

    func release() { lease?.resign() }

    static func isWorked(_ store: Store) -> OperationError {
        let path = TerminalText.safe(store.path)
        let seconds = HostLease.duration.components.seconds
        return OperationError(
            .tryLater,
            store.isOnServer
                ? """
                A daemon works \(path), or a process that was killed less than \(seconds) s ago.
                Try: stop the daemons on all hosts, and run the command again after \(seconds) s.
                """
                : """
                A daemon works \(path).
                Try: stop it (systemctl stop asinqd), then run the command again.
                """)
    }
}
