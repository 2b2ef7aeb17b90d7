internal import Dispatch
internal import Logging
internal import Planning
package import Storage

/// Retries opening and recovery of the store before the daemon's lanes exist.
package struct StoreRetrier: Sendable {
    let manager: ServiceManager?
    let logger: Logger
    /// nil: it retries for ever.
    let giveUp: GiveUp?
    let clock: DaemonClock

    /// Opens a daemon's store. SQLite creates the WAL's index for that, so on a full disk the daemon waits
    /// for space; without a service manager nothing would start it again.
    package static func open(
        _ settings: DaemonSettings, _ manager: ServiceManager?, _ giveUp: GiveUp?,
        _ clock: DaemonClock = .system, _ open: () async throws -> Store
    ) async throws -> Store {
        let retrier = StoreRetrier(
            manager: manager, logger: settings.logger, giveUp: giveUp, clock: clock)
        return try await retrier.run("open", retrying: { $0 == .fullDisk }, open)
    }

    /// - Throws: The error, if it must not be retried, or if the time to give up has come.
    func run<Value>(
        _ work: String, retrying mayRetry: (StoreFailure) -> Bool, _ body: () async throws -> Value
    ) async throws -> Value {
        var retry = StoreRetry()
        while true {
            do {
                return try await body()
            } catch let error as StoreError where mayRetry(error.failure) {
                guard giveUp?.isDue != true, let pause = retry.pause(after: error.failure) else {
                    throw error
                }
                if error.failure == .fullDisk { manager?.tellOfFullDisk() }
                logger.error("store_failed", metadata: ["work": "\(work)", "error": "\(error)"])
                await clock.sleep(for: min(pause, giveUp?.remaining ?? pause))
                try Task.checkCancellation()
            }
        }
    }
}

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
