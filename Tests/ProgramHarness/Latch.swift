internal import Foundation
internal import Synchronization

/// A value that comes once, and can be waited for.
package final class Latch<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var waiters: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    package init() {}

    package var value: Value? { state.withLock(\.value) }

    package func open(_ value: Value) {
        let waiters = state.withLock { state in
            state.value = value
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter() }
    }

    /// nil if it has not come after a minute.
    package func opened() async -> Value? {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let once = Once { continuation.resume() }
            let resume: @Sendable () -> Void = { once.run() }
            let isThere = state.withLock { state in
                if state.value == nil { state.waiters.append(resume) }
                return state.value != nil
            }
            if isThere { resume() } else { Deadline.after(resume) }
        }
        return value
    }
}

/// Runs a body on the first call only.
private final class Once: Sendable {
    private let body: Mutex<(@Sendable () -> Void)?>

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = Mutex(body)
    }

    func run() {
        let body = body.withLock { body in
            defer { body = nil }
            return body
        }
        body?()
    }
}
