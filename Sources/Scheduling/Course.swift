internal import Logging
internal import Synchronization

/// What signals asked of the daemon, and the lanes that they concern.
final class Course: Sendable {
    private struct State {
        var controls: [LaneControl] = []
        var logger: Logger
        var next: DaemonSettings?
        var stoppedAt: ContinuousClock.Instant?
    }

    /// What a signal to stop amounts to.
    enum Stop {
        /// Finish the calls in flight and end.
        case first
        /// The same request once more: who signals a process and its group reaches the process twice.
        case same
        /// End at once.
        case atOnce
    }

    /// Signals within this time of the first are the same request.
    private static let sameRequest = Duration.seconds(1)

    private let state: Mutex<State>

    init(_ logger: Logger) {
        state = Mutex(State(logger: logger))
    }

    /// As the settings have it that hold now.
    var logger: Logger { state.withLock(\.logger) }

    var isStopping: Bool { state.withLock { $0.stoppedAt != nil } }

    /// These lanes are to be told from now on. What was asked before they were there concerns them too.
    func begin(_ controls: [LaneControl], _ logger: Logger) {
        let isAsked = state.withLock { state in
            state.controls = controls
            state.logger = logger
            return state.stoppedAt != nil || state.next != nil
        }
        if isAsked { stopLanes() }
    }

    /// The daemon is to end.
    func stop(at now: ContinuousClock.Instant) -> Stop {
        let stop = state.withLock { state -> Stop in
            guard let first = state.stoppedAt else {
                state.stoppedAt = now
                return .first
            }
            return now - first <= Self.sameRequest ? .same : .atOnce
        }
        stopLanes()
        return stop
    }

    /// The lanes are to end, and others to begin with these settings.
    func change(to settings: DaemonSettings) {
        state.withLock { $0.next = settings }
        stopLanes()
    }

    /// What to go on with once the lanes have ended; nil where the daemon is to end too.
    func takeNext() -> DaemonSettings? {
        state.withLock { state in
            defer { state.next = nil }
            return state.stoppedAt != nil ? nil : state.next
        }
    }

    func ringAll() {
        for control in state.withLock(\.controls) { control.bell.ring() }
    }

    private func stopLanes() {
        for control in state.withLock(\.controls) { control.stop() }
    }
}
