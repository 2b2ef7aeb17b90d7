/// What kind of error kept the store from a transaction.
package enum StoreFailure: Error, Hashable, Sendable {
    /// Waiting may help: another program holds the lock.
    case temporary
    /// Waiting helps once a person has freed some space.
    case fullDisk
    /// The file is damaged, replaced or another program's.
    case permanent
}

/// When a transaction that the store could not do is tried again: the one policy of lanes, recovery and
/// opening.
package struct StoreRetry: Hashable, Sendable {
    /// Each try writes a line to the log, and a person does not free a full disk within a second.
    package static let pauseMax = Duration.seconds(30)
    package static let pauseWhileStopping = Duration.milliseconds(100)
    /// Tries of a transaction in all, while the daemon stops: its next start settles the calls that are still open.
    package static let triesWhileStopping = 3

    /// Tries that failed in a row.
    package private(set) var failures = 0

    package init() {}

    /// How long to wait before the next try: 1 s, 2 s … 30 s.
    /// - Returns: nil if there is no further one.
    package mutating func pause(
        after failure: StoreFailure, isStopping: Bool = false
    ) -> Duration? {
        failures += 1
        if failure == .permanent { return nil }
        guard isStopping else { return min(.seconds(failures), Self.pauseMax) }
        return failures < Self.triesWhileStopping ? Self.pauseWhileStopping : nil
    }
}
