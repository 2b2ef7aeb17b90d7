internal import Dispatch

/// Runs the store's blocking calls outside the threads that the lanes share, so that a database that is
/// locked for minutes stops neither signals nor replies.
///
/// A call runs to its end even if the task that waits for it is cancelled.
struct DatabaseThread: Sendable {
    private let queue = DispatchQueue(label: "asinqd.database")

    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value
    {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
