internal import Foundation
internal import Logging
internal import Synchronization

/// The requests that signals made, and the lanes that they concern.
final class DaemonRequests: Sendable {
    private struct State {
        var lanes: LaneSignals?
        var logger: Logger
        var next: DaemonSettings?
        var stoppedAt: ContinuousClock.Instant?
    }

    /// The meaning of a signal to stop.
    enum Stop {
        /// Finish the calls in flight and end.
        case first
        /// The same request again: a signal to a process and to its group reaches the process twice.
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

    /// The logger of the present settings.
    var logger: Logger { state.withLock(\.logger) }

    var isStopping: Bool { state.withLock { $0.stoppedAt != nil } }

    /// Requests from now on concern these lanes, and so do earlier ones.
    func begin(_ lanes: LaneSignals, _ logger: Logger) {
        let isAsked = state.withLock { state in
            state.lanes = lanes
            state.logger = logger
            return state.stoppedAt != nil || state.next != nil
        }
        if isAsked { lanes.stopAll() }
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
        lanes?.stopAll()
        return stop
    }

    /// Ends the lanes, so that others begin with these settings.
    func change(to settings: DaemonSettings) {
        state.withLock { $0.next = settings }
        lanes?.stopAll()
    }

    /// The settings to continue with once the lanes have ended; nil if the daemon is to end too.
    func takeNext() -> DaemonSettings? {
        state.withLock { state in
            defer { state.next = nil }
            return state.stoppedAt != nil ? nil : state.next
        }
    }

    func wakeLanes() {
        lanes?.wakeAll()
    }

    private var lanes: LaneSignals? { state.withLock(\.lanes) }
}

/// The effect of SIGHUP.
package enum Hangup: Sendable {
    /// The terminal that the daemon was started from was closed.
    case stop
    /// Read the settings again.
    case reload(@Sendable () async throws -> DaemonSettings)

    /// Whether the daemon was started from a terminal, which sends SIGHUP when it is closed.
    package static func comesFromTerminal(_ manager: ServiceManager?) -> Bool {
        guard manager == nil else { return false }
        let terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return false }
        close(terminal)
        return true
    }
}
