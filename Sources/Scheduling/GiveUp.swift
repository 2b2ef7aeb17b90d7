internal import Planning
internal import Synchronization

/// The end of a daemon that works until the queue is empty: no call was answered for this long.
///
/// A call in flight is finished first, because it may be the one that is answered.
package final class GiveUp: Sendable {
    private struct State {
        var answeredAt: ContinuousClock.Instant
        var calling: Set<LaneID> = []
        var isOver = false
    }

    /// How long to wait for an answer.
    package let after: Duration
    private let clock: DaemonClock
    private let state: Mutex<State>

    package init(after: Duration, _ clock: DaemonClock = .system) {
        self.after = after
        self.clock = clock
        state = Mutex(State(answeredAt: clock.instant()))
    }

    func callBegan(at lane: LaneID) {
        _ = state.withLock { $0.calling.insert(lane) }
    }

    /// The lane's call is settled, or could not be settled at once: its settlement might wait for ever.
    /// - Returns: Whether the lanes are to end.
    func callEnded(at lane: LaneID, isAnswered: Bool) -> Bool {
        let now = clock.instant()
        state.withLock { state in
            state.calling.remove(lane)
            if isAnswered { state.answeredAt = now }
        }
        return isDue
    }

    /// Whether the lanes are to end. Once true, it stays true.
    var isDue: Bool {
        let now = clock.instant()
        return state.withLock { state in
            if state.calling.isEmpty && now - state.answeredAt >= after { state.isOver = true }
            return state.isOver
        }
    }

    /// Whether the lanes were told to end.
    var isOver: Bool { state.withLock(\.isOver) }

    /// How long it is until it may be due, at least; the end of a call in flight is not predicted.
    var remaining: Duration {
        let left = after - (clock.instant() - state.withLock(\.answeredAt))
        return left > .zero ? left : after
    }

    /// Returns true when it is due, or false when the task is cancelled.
    func isDueInTime() async -> Bool {
        while !isDue {
            if Task.isCancelled { return false }
            await clock.sleep(for: remaining)
        }
        return true
    }
}
