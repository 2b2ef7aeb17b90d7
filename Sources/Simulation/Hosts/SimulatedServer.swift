package import Planning
package import Storage

/// A database on a PostgreSQL server in a run: two hosts work it, each with connections and a clock of its own.
///
/// The run's only threads are those that `overlap` begins, and it waits for each at a fixed point. So the run is
/// still a function of its seed.
package struct SimulatedServer: Sendable {
    package typealias Transaction =
        @Sendable (@escaping @Sendable () -> Void) -> @Sendable () -> Void

    /// Opens new connections to the database.
    let open: @Sendable ((@Sendable () throws -> Void)?) throws -> Store
    /// Sets the server's clock, which its functions return in place of the real one.
    let setTime: @Sendable (Timestamp) throws -> Void
    /// Ends all sessions of the database, as a restart of the server does.
    let endSessions: @Sendable () throws -> Void
    /// Runs a transaction on another thread, and returns when it has ended or waits for a lock.
    /// - Returns: Waits for its end.
    let overlap: Transaction
    /// Whether the hosts have faults of their own.
    let isQuiet: Bool

    package init(
        open: @escaping @Sendable ((@Sendable () throws -> Void)?) throws -> Store,
        setTime: @escaping @Sendable (Timestamp) throws -> Void,
        endSessions: @escaping @Sendable () throws -> Void,
        overlap: @escaping Transaction, isQuiet: Bool = false
    ) {
        self.open = open
        self.setTime = setTime
        self.endSessions = endSessions
        self.overlap = overlap
        self.isQuiet = isQuiet
    }
}
