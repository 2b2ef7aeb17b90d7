import Foundation
import Operations
import Planning
import Storage

/// Waits for other programs to change the database.
struct DatabaseChanges {
    /// How long such a command waits for a lock. Short, because a signal ends the command only after it.
    static let lockWait = Duration.seconds(1)

    private static let looksEvery = Duration.milliseconds(250)
    /// How much longer to wait than the last look took: at most a tenth of a core.
    private static let rest = 9
    private static let restMax = Duration.seconds(5)

    private let store: Store
    private let endsWithReader: Bool
    /// nil before the first look, and when the last one has to be repeated.
    private var version: Int?
    /// nil before the first look.
    private var lookedAt: ContinuousClock.Instant?

    /// - Parameter endsWithReader: Whether the command ends where standard output is a pipe that no process
    ///   reads any more.
    init(_ store: Store, endsWithReader: Bool = false) {
        self.store = store
        self.endsWithReader = endsWithReader
    }

    /// Returns when the database has changed since the last time, at once the first time; or at the deadline,
    /// or when a signal has come that `Interruption` watches.
    ///
    /// - Returns: Whether the deadline has not come.
    /// - Throws: `StoreError.replaced` if the database was moved or replaced
    mutating func next(until deadline: ContinuousClock.Instant? = nil) throws -> Bool {
        var pause =
            lookedAt.map {
                min(max(Self.looksEvery, (ContinuousClock.now - $0) * Self.rest), Self.restMax)
            } ?? .zero
        while !Interruption.hasCome {
            if let deadline {
                let left = deadline - .now
                if left <= .zero { return false }
                pause = min(pause, left)
            }
            wait(pause)
            pause = Self.looksEvery
            try store.requireInPlace()
            // Another program may have locked it.
            if let found = try? store.dataVersion(), found != version {
                version = found
                break
            }
        }
        lookedAt = .now
        return true
    }

    private func wait(_ pause: Duration) {
        var output = pollfd(fd: endsWithReader ? STDOUT_FILENO : -1, events: 0, revents: 0)
        // A descriptor below 0 is ignored, so that only the time ends the wait, or a signal.
        if poll(&output, 1, Int32(clamping: pause.milliseconds)) > 0,
            output.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
        {
            exit(0)
        }
    }

    /// The last look failed: the next one comes without a change.
    mutating func repeatLook() { version = nil }
}
