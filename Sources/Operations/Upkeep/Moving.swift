package import Planning
package import Storage

/// Moves a whole queue between a file and a PostgreSQL server. The source is not changed.
package struct Moving {
    /// A log of the new file that is longer is moved into it.
    private static let walBytesMax = 64 << 20

    private let source: Store
    private let to: String
    private let uptime: @Sendable () -> Duration
    private let wallTime: () -> Timestamp

    /// - Parameters:
    ///   - uptime: The time that has passed, which cannot be set.
    ///   - now: This host's time.
    /// - Throws: `OperationError`, `StoreError` of the source
    package init(
        from: String, to: String, uptime: @escaping @Sendable () -> Duration,
        now: @escaping () -> Timestamp
    ) throws {
        let sides = [from, to].map(Store.isOnServer(path:))
        if sides[0] == sides[1] {
            throw OperationError(
                .badRequest,
                sides[0]
                    ? """
                    Both are PostgreSQL databases.
                    Try: use the server's own tools, such as pg_dump and pg_restore.
                    """
                    : """
                    Both are files: move is between a file and a PostgreSQL server.
                    Try: run asinqd backup, which copies a file.
                    """)
        }
        source = try Store(path: from, access: .read, endpoints: [])
        self.to = to
        self.uptime = uptime
        wallTime = now
    }

    /// What `run` would do. Changes nothing.
    ///
    /// - Throws: `OperationError` if a daemon works one of the databases; `MoveError`, `StoreError`
    package func rehearse(_ progress: (MoveProgress) throws -> Void) throws -> MoveReport {
        if try source.isWorked { throw MoveHold.isWorked(source) }
        let (target, path) = try presentTarget()
        let extent = try StoreMove(from: source, to: target).examine(progress)
        return MoveReport(extent, from: source, to: path)
    }

    /// The target, or an empty one in memory if it does not exist, and its path.
    private func presentTarget() throws -> (Store, path: String) {
        do {
            let target = try Store(path: to, access: .read, endpoints: [])
            if try target.isWorked { throw MoveHold.isWorked(target) }
            return (target, target.path)
        } catch StoreError.missing(let path) {
            return (try Store(endpoints: []), path)
        }
    }

    /// Copies all rows, and compares both databases. What an interrupted move copied is kept.
    ///
    /// - Parameter progress: Called between two transactions; an error of it ends the work.
    /// - Returns: The report without an audit, and the target.
    /// - Throws: `OperationError` if a daemon works one of the databases; `MoveError`, `StoreError`, or that error
    package func run(
        _ progress: (MoveProgress) throws -> Void
    ) throws -> (report: MoveReport, target: Store) {
        let sourceHold = try MoveHold(source, uptime: uptime, now: wallTime)
        defer { sourceHold.release() }
        let target = try Store(path: to, access: .create, endpoints: [])
        let targetHold = try MoveHold(target, uptime: uptime, now: wallTime)
        defer { targetHold.release() }
        func extend(_ step: MoveProgress) throws {
            try sourceHold.extend()
            try targetHold.extend()
            if step.step == .copied, target.walBytes > Self.walBytesMax {
                _ = try target.checkpoint()
            }
            try progress(step)
        }
        let move = StoreMove(from: source, to: target)
        let extent = try move.copy(extend)
        if !target.isOnServer { _ = try target.checkpoint() }
        try move.verify(extend)
        return (MoveReport(extent, from: source, to: target.path), target)
    }
}
