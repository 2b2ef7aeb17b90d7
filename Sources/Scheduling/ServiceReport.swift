internal import Foundation
internal import Planning
internal import Synchronization

/// What the daemon tells the service manager: its states, what the lanes are at, and, as long as they
/// all get on, that it is alive.
///
/// The watchdog is fed by claims that came to a decision, not by a timer: a timer would go on while a
/// lane hangs. Without a service manager nothing is told.
final class ServiceReport: Sendable {
    private struct State {
        var progress = LaneProgress([], at: .now)
        var fedAt: ContinuousClock.Instant?
        var told: String?
        var toldAt: ContinuousClock.Instant?
        var isTellingLater = false
        var isStopping = false
    }

    /// The shortest time between two lines: each one wakes whoever listens to the manager.
    private static let lineInterval = Duration.seconds(2)
    private static let feedInterval = Duration.seconds(1)

    private let manager: ServiceManager?
    private let state = Mutex(State())

    init(_ manager: ServiceManager?) {
        self.manager = manager
    }

    /// Before lanes are started for these.
    func begin(_ endpoints: [Endpoint]) {
        state.withLock { $0.progress = LaneProgress(endpoints, at: .now) }
        // Calls may be allowed to take longer than the unit's watchdog knows.
        let round = LaneProgress.roundAtMost(endpoints)
        guard let interval = manager?.watchdogInterval, round > interval else { return }
        manager?.tell("WATCHDOG_USEC=\(round.milliseconds * 1_000)")
    }

    func ready() {
        manager?.tell("READY=1")
    }

    func reloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        manager?.tell(
            "RELOADING=1", "MONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1_000)")
    }

    func stopping() {
        state.withLock { $0.isStopping = true }
        manager?.tell("STOPPING=1", "STATUS=finishing the calls in flight")
    }

    func note(_ step: LaneProgress.Step, of endpoint: Endpoint) {
        let now = ContinuousClock.now
        let isFed = state.withLock { state in
            state.progress.note(step, of: endpoint.name, at: now)
            guard state.progress.isMoving(at: now),
                state.fedAt.map({ now - $0 >= Self.feedInterval }) ?? true
            else { return false }
            state.fedAt = now
            return true
        }
        if isFed, manager?.watchdogInterval != nil { manager?.tell("WATCHDOG=1") }
        tellLine()
    }

    /// The lane claims or settles: nothing is done yet that would show that it gets on.
    func noteTransaction(of endpoint: Endpoint) {
        state.withLock { $0.progress.noteTransaction(of: endpoint.name, at: .now) }
    }

    func leave(_ endpoint: Endpoint) {
        state.withLock { $0.progress.leave(endpoint.name) }
    }

    /// Now, or as soon as the last line is old enough.
    private func tellLine() {
        guard let manager else { return }
        let now = ContinuousClock.now
        let line = state.withLock { state -> String? in
            guard let line = state.progress.line, line != state.told, !state.isStopping,
                !state.isTellingLater
            else { return nil }
            if let toldAt = state.toldAt, now - toldAt < Self.lineInterval {
                state.isTellingLater = true
                Task { [self] in
                    try? await Task.sleep(for: Self.lineInterval - (now - toldAt))
                    self.state.withLock { $0.isTellingLater = false }
                    tellLine()
                }
                return nil
            }
            (state.told, state.toldAt) = (line, now)
            return line
        }
        if let line { manager.tell("STATUS=" + line) }
    }
}
