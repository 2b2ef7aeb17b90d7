/// When a lane without ready jobs looks for due products of schedules.
package struct StandingTimer: Hashable, Sendable {
    /// The shortest time between two looks of a lane, unless the first one found something: other programs'
    /// commits wake a lane more often.
    package static let pause = Duration.seconds(1)

    private var lookedAt: Timestamp?
    private var nextAt: Timestamp?
    /// Whether the lane did not look because it had looked just before.
    private var isSkipped = false

    package init() {}

    /// Whether the lane looks now, before it sleeps.
    ///
    /// - Parameter hold: Why it makes no call; nil if it does not hold.
    package mutating func looks(_ hold: Hold?, at now: Timestamp) -> Bool {
        isSkipped = false
        guard hold == .idle || hold == .notDue else { return false }
        // After the clock was set back, the last look lies in the future.
        guard let lookedAt, (lookedAt..<lookedAt + Self.pause).contains(now) else { return true }
        isSkipped = true
        return false
    }

    /// - Parameters:
    ///   - added: The jobs that a look enqueued.
    ///   - nextAt: When the next look may find something by itself.
    package mutating func looked(added: Int, nextAt: Timestamp?, at now: Timestamp) {
        lookedAt = added > 0 ? nil : now
        self.nextAt = nextAt.map { max($0, now + Self.pause) }
    }

    /// When a lane that holds wakes for the next look, if that is before `until`.
    package func wake(before until: Timestamp, _ hold: Hold?) -> Timestamp {
        guard hold == .idle || hold == .notDue else { return until }
        let skipped = isSkipped ? lookedAt.map { $0 + Self.pause } : nil
        return [until, skipped, nextAt].compactMap(\.self).min() ?? until
    }
}
