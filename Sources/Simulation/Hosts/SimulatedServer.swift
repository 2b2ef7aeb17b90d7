package import Planning
package import Storage

/// A database on a PostgreSQL server in a run: two hosts work it, each with connections and a clock of its own.
///
/// The run's only threads are those that `overlap` begins, and it waits for each at a fixed point. So the run is
/// still a function of its seed.
package struct SimulatedServer {
    /// Opens new connections to the database.
    let open: ((@Sendable () throws -> Void)?) throws -> Store
    /// Sets the server's clock, which its functions return in place of the real one.
    let setTime: (Timestamp) throws -> Void
    /// Ends all sessions of the database, as a restart of the server does.
    let endSessions: () throws -> Void
    /// Runs a transaction on another thread, and returns when it has ended or waits for a lock.
    /// - Returns: Waits for its end.
    let overlap: (@escaping @Sendable () -> Void) -> () -> Void
    /// Whether the hosts have faults of their own.
    let isQuiet: Bool

    package init(
        open: @escaping ((@Sendable () throws -> Void)?) throws -> Store,
        setTime: @escaping (Timestamp) throws -> Void, endSessions: @escaping () throws -> Void,
        overlap: @escaping (@escaping @Sendable () -> Void) -> () -> Void, isQuiet: Bool = false
    ) {
        self.open = open
        self.setTime = setTime
        self.endSessions = endSessions
        self.overlap = overlap
        self.isQuiet = isQuiet
    }
}
