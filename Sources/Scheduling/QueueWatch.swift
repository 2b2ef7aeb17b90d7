internal import Dispatch
internal import Foundation
internal import Synchronization

/// Calls a closure when a program may have committed.
protocol CommitWatch: Sendable {
    /// No call begins after this.
    func stop()
}

/// Notices that a program wrote to the database's WAL (`-wal`).
///
/// The kernel reports a write (inotify), so that an idle daemon costs next to nothing and a new row is seen
/// at once. It reports too early, though: a commit becomes visible after the write and its sync, in shared
/// memory, for which there is no event. So after each event the database is checked repeatedly, at growing
/// intervals, until a second has passed.
final class QueueWatch: CommitWatch {
    private static let firstLook = DispatchTimeInterval.milliseconds(1)
    private static let lastLookMilliseconds = 1_000
    /// The interval of checks if the kernel reports nothing, for lack of watches or on another system.
    private static let blindLookMilliseconds = 10
    /// The shortest time between two checks, so that a flood of writes does not cause a flood of claims.
    private static let shortestPause = Duration.milliseconds(4)

    private struct State {
        var nextMilliseconds = 1
        var lookedAt: ContinuousClock.Instant
    }

    private let queue = DispatchQueue(label: "asinqd.watch")
    private let state: Mutex<State>
    private let clock: DaemonClock
    private let look: @Sendable () -> Void
    // Sources are safe to use from any thread, though Dispatch does not say so to the compiler.
    private nonisolated(unsafe) let timer: any DispatchSourceTimer
    private nonisolated(unsafe) let events: (any DispatchSourceRead)?

    /// - Parameter look: Called, on its own dispatch queue, whenever a commit may have been made.
    init(database path: String, _ clock: DaemonClock, look: @escaping @Sendable () -> Void) {
        self.clock = clock
        state = Mutex(State(lookedAt: clock.instant()))
        self.look = look
        timer = DispatchSource.makeTimerSource(queue: queue)
        events = FileWatcher.source(database: path, queue: queue)
        let log = FileWatcher.log(of: path).lastPathComponent
        timer.setEventHandler { [unowned self] in tick() }
        timer.schedule(deadline: .now() + Self.firstLook)
        events?.setEventHandler { [unowned self] in
            if FileWatcher.tell(events, of: log) { eventCame() }
        }
        timer.activate()
        events?.activate()
    }

    /// No check begins after this.
    func stop() {
        timer.cancel()
        events?.cancel()
        queue.sync {}
    }

    private func eventCame() {
        let now = clock.instant()
        let isTimely = state.withLock { state in
            state.nextMilliseconds = 2
            guard now - state.lookedAt >= Self.shortestPause else { return false }
            state.lookedAt = now
            return true
        }
        if isTimely { look() }
        timer.schedule(deadline: .now() + (isTimely ? Self.firstLook : .milliseconds(4)))
    }

    private func tick() {
        let now = clock.instant()
        let pause = state.withLock { state in
            state.lookedAt = now
            let most = events == nil ? Self.blindLookMilliseconds : Self.lastLookMilliseconds
            defer { state.nextMilliseconds = min(state.nextMilliseconds * 2, most) }
            return min(state.nextMilliseconds, most)
        }
        look()
        timer.schedule(deadline: .now() + .milliseconds(pause))
    }
}
