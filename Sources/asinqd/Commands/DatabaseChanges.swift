import Foundation
import Operations
import Planning
import Storage

/// Waits for other programs to change the database.
struct DatabaseChanges {
    private static let looksEvery = Duration.milliseconds(250)
    /// How much longer to wait than the last look took: at most a tenth of a core.
    private static let rest = 9

    private let store: Store
    private var version: Int?
    private var lookedAt = ContinuousClock.now

    init(_ store: Store) {
        self.store = store
    }

    /// Returns when the database has changed since the last time, at once the first time; or at the deadline,
    /// or when a signal has come that `Interruption` watches.
    ///
    /// Ends the command where standard output is a pipe that no process reads any more.
    ///
    /// - Returns: Whether the deadline has not come.
    /// - Throws: `StoreError.replaced` if the database was moved or replaced
    mutating func next(until deadline: ContinuousClock.Instant? = nil) throws -> Bool {
        var pause = max(Self.looksEvery, (ContinuousClock.now - lookedAt) * Self.rest)
        while !Interruption.hasCome {
            try store.requireInPlace()
            // Another program may have locked it.
            if let version = try? store.dataVersion(), version != self.version {
                self.version = version
                break
            }
            let now = ContinuousClock.now
            if let deadline {
                if now >= deadline { return false }
                pause = min(pause, deadline - now)
            }
            if Self.isReaderGone(after: pause) { exit(0) }
            pause = Self.looksEvery
        }
        lookedAt = .now
        return true
    }

    /// Waits, unless the output is a pipe that no process reads, or a signal comes.
    private static func isReaderGone(after pause: Duration) -> Bool {
        var output = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        let milliseconds = Int32(clamping: pause.milliseconds + 1)
        return poll(&output, 1, milliseconds) > 0
            && output.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
    }
}
