internal import Planning
internal import Synchronization

/// A lane's signals: that something has changed, and that it is to stop. A signal is kept until the lane
/// waits for it.
final class WakeSignal: Sendable {
    private struct State {
        var isWoken = false
        var isStopPending = false
        var isStopping = false
        var waiter: CheckedContinuation<Void, Never>?

        var isPending: Bool { isWoken || isStopPending }
    }

    private let state = Mutex(State())

    /// Whether the lane was told to stop.
    var isStopping: Bool { state.withLock(\.isStopping) }

    var isPending: Bool { state.withLock(\.isPending) }

    func wake() {
        set { $0.isWoken = true }
    }

    func stop() {
        set { state in
            if !state.isStopping { state.isStopPending = true }
            state.isStopping = true
        }
    }

    /// The next pending event.
    func take() -> LaneMachine.Event? {
        state.withLock { state in
            if state.isStopPending {
                state.isStopPending = false
                return .stopRequested
            }
            defer { state.isWoken = false }
            return state.isWoken ? .woken : nil
        }
    }

    /// The next event, or `timeElapsed` at the deadline. One task at a time may wait.
    func next(until deadline: ContinuousClock.Instant, _ clock: DaemonClock) async
        -> LaneMachine.Event
    {
        if let event = take() { return event }
        await withTaskGroup { group in
            group.addTask { await self.untilPending() }
            group.addTask { await clock.sleep(until: deadline) }
            _ = await group.next()
            group.cancelAll()
        }
        return take() ?? .timeElapsed
    }

    private func set(_ change: (inout State) -> Void) {
        resume { state in
            change(&state)
            return state.isPending
        }
    }

    private func resume(_ isOver: (inout State) -> Bool) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard isOver(&state) else { return nil }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Returns when an event is pending, or the task is cancelled.
    private func untilPending() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state -> Bool in
                    if state.isPending || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            resume { _ in true }
        }
    }
}
