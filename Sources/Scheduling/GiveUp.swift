internal import Synchronization

/// When a daemon that works until the queue is empty gives up: no call was answered for so long.
///
/// A call in flight is finished first, because it may be the one that is answered.
package final class GiveUp: Sendable {
    private struct State {
        var answeredAt: ContinuousClock.Instant
        var callsInFlight = 0
        var isOver = false
    }

    /// How long to wait for an answer.
    package let after: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    package init(
        after: Duration,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.after = after
        self.now = now
        state = Mutex(State(answeredAt: now()))
    }

    func callBegan() {
        state.withLock { $0.callsInFlight += 1 }
    }

    /// The call is settled, or could not be.
    func callEnded(isAnswered: Bool) {
        let now = now()
        state.withLock { state in
            state.callsInFlight -= 1
            if isAnswered { state.answeredAt = now }
        }
    }

    /// Whether the lanes are to end. Once it is so, that stays so.
    var isDue: Bool {
        let now = now()
        return state.withLock { state in
            if state.callsInFlight == 0 && now - state.answeredAt >= after { state.isOver = true }
            return state.isOver
        }
    }

    /// Gives up with a call in flight as well: where the database cannot be written, its settlement might
    /// wait for ever.
    /// - Returns: Whether the time is over.
    func giveUpIfLate() -> Bool {
        let now = now()
        return state.withLock { state in
            if now - state.answeredAt >= after { state.isOver = true }
            return state.isOver
        }
    }

    /// Whether the lanes were told to end.
    var isOver: Bool { state.withLock(\.isOver) }

    /// How long it is until it may be due; nil while a call is in flight, whose end is waited for.
    var remaining: Duration? {
        let now = now()
        return state.withLock { state in
            state.callsInFlight > 0 ? nil : max(.milliseconds(1), after - (now - state.answeredAt))
        }
    }
}
