internal import Logging
internal import Planning
package import Storage

/// Tries again what the store could not do before the daemon's lanes are there: opening and recovery.
package struct StoreRetrier: Sendable {
    let manager: ServiceManager?
    let logger: Logger
    /// nil: there is no end to it.
    let giveUp: GiveUp?
    let clock: DaemonClock

    /// Opens a daemon's store. SQLite makes the log's index for that, so where the disk is full the daemon
    /// waits for space; without a service manager nothing would start it again.
    package static func open(
        _ settings: DaemonSettings, _ manager: ServiceManager?, _ giveUp: GiveUp?,
        _ clock: DaemonClock = .system, _ open: () async throws -> Store
    ) async throws -> Store {
        let retrier = StoreRetrier(
            manager: manager, logger: settings.logger, giveUp: giveUp, clock: clock)
        return try await retrier.run("open", retrying: { $0 == .fullDisk }, open)
    }

    /// - Throws: The error, where it is not to be retried, or it is time to give up.
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
