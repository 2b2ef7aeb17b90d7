internal import Synchronization

/// Wakes a lane. One that is rung while nobody waits is heard by the next wait.
final class Bell: Sendable {
    private enum State {
        /// -> rung, waiting
        case quiet
        /// -> quiet
        case rung
        /// -> quiet
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.quiet)

    func ring() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if case .waiting(let continuation) = state {
                state = .quiet
                return continuation
            }
            state = .rung
            return nil
        }
        waiter?.resume()
    }

    /// Returns when the bell is rung, or after `limit`. One task at a time may wait.
    func wait(atMost limit: Duration) async {
        let alarm = Task {
            try await Task.sleep(for: limit)
            ring()
        }
        await withCheckedContinuation { continuation in
            let isRung = state.withLock { state -> Bool in
                if case .rung = state {
                    state = .quiet
                    return true
                }
                state = .waiting(continuation)
                return false
            }
            if isRung { continuation.resume() }
        }
        alarm.cancel()
    }
}
