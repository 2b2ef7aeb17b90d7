internal import Foundation
package import Planning

/// The daemon's time: `system`, or one that a test moves.
package struct DaemonClock: Sendable {
    /// The wall clock, which can be set: for all stored instants.
    let now: @Sendable () -> Timestamp
    /// A clock that is never set: for all waits.
    let instant: @Sendable () -> ContinuousClock.Instant
    /// Throws if the task is cancelled.
    private let sleepUntil: @Sendable (ContinuousClock.Instant) async throws -> Void

    package static let system = DaemonClock(
        now: { WallClock.now() }, instant: { ContinuousClock.now },
        sleepUntil: { try await Task.sleep(until: $0, clock: .continuous) })

    init(
        now: @escaping @Sendable () -> Timestamp,
        instant: @escaping @Sendable () -> ContinuousClock.Instant,
        sleepUntil: @escaping @Sendable (ContinuousClock.Instant) async throws -> Void
    ) {
        self.now = now
        self.instant = instant
        self.sleepUntil = sleepUntil
    }

    /// The same with another wall clock, which is `offset` ahead.
    func shifted(by offset: @escaping @Sendable () -> Duration) -> DaemonClock {
        DaemonClock(
            now: { [now] in now() + offset() }, instant: instant, sleepUntil: sleepUntil)
    }

    /// Returns at the deadline, or at once when the task is cancelled.
    func sleep(until deadline: ContinuousClock.Instant) async {
        try? await sleepUntil(deadline)
    }

    /// The same after `duration`.
    func sleep(for duration: Duration) async {
        await sleep(until: instant() + duration)
    }
}

/// The only source of the real time.
package enum WallClock {
    package static func now() -> Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }

    /// The time in UTC as in a log line, without the zone.
    static var text: String {
        Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
    }
}
