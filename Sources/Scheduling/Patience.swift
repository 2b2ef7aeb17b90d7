internal import Logging
internal import Planning
package import Storage

/// The waiting of a daemon whose lanes are not there yet, while the store fails in a way that may pass.
package struct Patience {
    let manager: ServiceManager?
    let logger: Logger
    /// nil: it has no end.
    let giveUp: GiveUp?
    private var attempts = 0

    init(manager: ServiceManager?, logger: Logger, giveUp: GiveUp?) {
        self.manager = manager
        self.logger = logger
        self.giveUp = giveUp
    }

    /// How long it is until the next attempt: a full disk is not freed within a second, and each
    /// attempt writes a line.
    static func pause(_ attempts: Int) -> Duration {
        .seconds(min(attempts, 30))
    }

    /// - Throws: The error, where it is time to give up.
    mutating func wait(after error: StoreError, of work: String) async throws {
        if let giveUp, giveUp.giveUpIfLate() { throw error }
        attempts += 1
        if case .full = error { manager?.tellOfFullDisk() }
        logger.error("store_failed", metadata: ["work": "\(work)", "error": "\(error)"])
        try await Task.sleep(
            for: min(Self.pause(attempts), giveUp?.remaining ?? .day))
    }

    /// Opens a daemon's store. SQLite makes the log's index for that, so where the disk is full it is
    /// waited for room; without a service manager nobody would try again.
    package static func open(
        _ settings: DaemonSettings, _ manager: ServiceManager?, _ giveUp: GiveUp?,
        _ open: () async throws -> Store
    ) async throws -> Store {
        var patience = Patience(manager: manager, logger: settings.logger, giveUp: giveUp)
        while true {
            do {
                return try await open()
            } catch let error as StoreError {
                guard case .full = error else { throw error }
                try await patience.wait(after: error, of: "open")
            }
        }
    }
}
