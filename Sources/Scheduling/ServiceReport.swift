internal import Foundation
internal import Planning
internal import Synchronization

/// Reports to the service manager: the daemon's states, the lanes' steps and, as long as all lanes make
/// progress, that the daemon is alive.
///
/// Claims that came to a decision feed the watchdog, not a timer: a timer would continue while a lane hangs.
/// Without a service manager nothing is sent.
final class ServiceReport: Sendable {
    private struct State {
        var progress: LaneProgress
        var fedAt: ContinuousClock.Instant?
        var told: String?
        var toldAt: ContinuousClock.Instant?
        var isStopping = false
    }

    /// The shortest time between two status lines: each one wakes the manager's listeners.
    private static let lineInterval = Duration.seconds(2)
    private static let feedInterval = Duration.seconds(1)

    private let manager: ServiceManager?
    private let clock: DaemonClock
    private let state: Mutex<State>
    /// Whether a line waits until the last one is old enough.
    private let (delayed, delay) = AsyncStream<Void>.makeStream(
        bufferingPolicy: .bufferingNewest(1))

    init(_ manager: ServiceManager?, _ clock: DaemonClock) {
        self.manager = manager
        self.clock = clock
        state = Mutex(State(progress: LaneProgress([], at: clock.instant())))
    }

    /// Sends the delayed lines, until the task is cancelled.
    func run() async {
        for await _ in delayed {
            let toldAt = state.withLock(\.toldAt)
            await clock.sleep(until: (toldAt ?? clock.instant()) + Self.lineInterval)
            tellLine()
        }
    }

    /// Called before lanes are started for these endpoints.
    func begin(_ endpoints: [Endpoint]) {
        state.withLock { $0.progress = LaneProgress(endpoints, at: clock.instant()) }
        // The settings may allow longer calls than the unit's watchdog interval.
        let round = LaneProgress.roundMax(endpoints)
        guard let interval = manager?.watchdogInterval, round > interval else { return }
        manager?.tell("WATCHDOG_USEC=\(round.milliseconds * 1_000)")
    }

    func ready() {
        manager?.tell("READY=1")
    }

    /// Another host leads: this one is well, and has no lanes.
    func standsBy() {
        manager?.tell("READY=1\nWATCHDOG=1\nSTATUS=Standing by: another host leads")
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

    func note(_ step: LaneProgress.Step, of lane: LaneID) {
        let now = clock.instant()
        let isFed = state.withLock { state in
            state.progress.note(step, of: lane, at: now)
            guard state.progress.isMoving(at: now),
                state.fedAt.map({ now - $0 >= Self.feedInterval }) ?? true
            else { return false }
            state.fedAt = now
            return true
        }
        if isFed, manager?.watchdogInterval != nil { manager?.tell("WATCHDOG=1") }
        tellLine()
    }

    /// The lane claims or settles: nothing shows yet that it makes progress.
    func noteTransaction(of lane: LaneID) {
        let now = clock.instant()
        state.withLock { $0.progress.noteTransaction(of: lane, at: now) }
    }

    func leave(_ lane: LaneID) {
        state.withLock { $0.progress.leave(lane) }
    }

    /// Sends the line now, or as soon as the last one is old enough.
    private func tellLine() {
        guard let manager else { return }
        let now = clock.instant()
        let (line, isEarly) = state.withLock { state -> (String?, isEarly: Bool) in
            guard let line = state.progress.line, line != state.told, !state.isStopping else {
                return (nil, false)
            }
            if let toldAt = state.toldAt, now - toldAt < Self.lineInterval { return (nil, true) }
            (state.told, state.toldAt) = (line, now)
            return (line, false)
        }
        if isEarly { delay.yield() }
        if let line { manager.tell("STATUS=" + line) }
    }
}
