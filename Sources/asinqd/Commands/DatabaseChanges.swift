import Operations
import Storage

/// Waits for other programs to change the database.
struct DatabaseChanges {
    private static let looksEvery = Duration.milliseconds(250)
    /// How much longer to wait than the last look took: at most a tenth of a core.
    private static let rest = 9

    private let store: Store
    private var version: Int
    private var lookedAt = ContinuousClock.now

    init(_ store: Store) throws {
        self.store = store
        version = try store.dataVersion()
    }

    /// Returns when the database has changed since the last time, at the deadline, or when a signal has come
    /// that `Interruption` watches.
    ///
    /// - Returns: Whether the deadline has not come.
    mutating func next(until deadline: ContinuousClock.Instant? = nil) async throws -> Bool {
        var pause = max(Self.looksEvery, (ContinuousClock.now - lookedAt) * Self.rest)
        while !Interruption.hasCome {
            let now = ContinuousClock.now
            if let deadline {
                if now >= deadline { return false }
                pause = min(pause, deadline - now)
            }
            try await Task.sleep(for: pause)
            pause = Self.looksEvery
            let version = try store.dataVersion()
            if version == self.version { continue }
            self.version = version
            break
        }
        lookedAt = .now
        return true
    }
}
