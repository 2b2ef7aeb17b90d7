internal import Logging
internal import Synchronization

/// What signals asked of the daemon, and the lanes that they concern.
final class Course: Sendable {
    private struct State {
        var controls: [LaneControl] = []
        var logger: Logger
        var next: DaemonSettings?
        var isStopping = false
    }

    private let state: Mutex<State>

    init(_ logger: Logger) {
        state = Mutex(State(logger: logger))
    }

    /// As the settings have it that hold now.
    var logger: Logger { state.withLock(\.logger) }

    var isStopping: Bool { state.withLock(\.isStopping) }

    /// These lanes are to be told from now on. What was asked before they were there concerns them too.
    func begin(_ controls: [LaneControl], _ logger: Logger) {
        let isAsked = state.withLock { state in
            state.controls = controls
            state.logger = logger
            return state.isStopping || state.next != nil
        }
        if isAsked { stopLanes() }
    }

    /// The daemon is to end.
    /// - Returns: Whether it was told for the first time.
    func stop() -> Bool {
        let isFirst = state.withLock { state in
            defer { state.isStopping = true }
            return !state.isStopping
        }
        stopLanes()
        return isFirst
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
            return state.isStopping ? nil : state.next
        }
    }

    func ringAll() {
        for control in state.withLock(\.controls) { control.bell.ring() }
    }

    private func stopLanes() {
        for control in state.withLock(\.controls) { control.stop() }
    }
}
