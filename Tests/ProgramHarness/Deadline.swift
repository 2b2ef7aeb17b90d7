internal import Foundation

/// How long a test waits for anything: far longer than it takes on a machine that is busy with all the other
/// tests.
package enum Deadline {
    package static let seconds = 300

    private static let queue = DispatchQueue(label: "deadlines")

    package static func after(_ body: @escaping @Sendable () -> Void) {
        queue.asyncAfter(deadline: .now() + .seconds(seconds), execute: body)
    }
}

/// Waits until `look` returns a value, calling it every few milliseconds, for events without a pipe.
package func eventually<Value: Sendable>(
    _ what: String, _ look: @escaping @Sendable () throws -> Value?
) async throws -> Value {
    try await offThread {
        let never = DispatchSemaphore(value: 0)
        let end = DispatchTime.now() + .seconds(Deadline.seconds)
        while DispatchTime.now() < end {
            if let value = try look() { return value }
            _ = never.wait(timeout: .now() + .milliseconds(5))
        }
        throw NeverCame(what: what, seen: "nothing of the kind")
    }
}

/// Runs blocking code on its own thread, so that other tests continue.
package func offThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result(catching: body)) }.start()
    }
}
