import Foundation

/// How long anything is waited for: far longer than it takes on a machine that is busy with all the
/// other tests.
enum Deadline {
    static let seconds = 300

    private static let queue = DispatchQueue(label: "deadlines")

    static func after(_ body: @escaping @Sendable () -> Void) {
        queue.asyncAfter(deadline: .now() + .seconds(seconds), execute: body)
    }
}

/// Waits until `look` finds something, looking again every few milliseconds, for what no pipe tells.
func eventually<Value: Sendable>(
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

/// Runs what blocks on a thread of its own, so that tests beside it go on.
func offThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result(catching: body)) }.start()
    }
}
