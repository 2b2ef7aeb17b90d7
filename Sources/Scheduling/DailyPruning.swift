internal import Logging
internal import Planning
internal import Storage

/// Deletes rows that the settings define as old: at the start of the daemon, after a reload, and then once a
/// day.
struct DailyPruning: Sendable {
    private let store: Store
    private let database: DatabaseThread
    private let settings: DaemonSettings
    private let interval: Duration
    private let clock: DaemonClock

    /// How many times as long as a transaction it waits after it: lanes and other programs thus have the
    /// database to themselves for four fifths of the time.
    private static let rest = 4
    /// The wait before it tries again on a full disk or a locked database.
    private static let storeRetry = Duration.seconds(600)

    init(
        _ store: Store, _ database: DatabaseThread, _ settings: DaemonSettings,
        _ clock: DaemonClock, interval: Duration = .day
    ) {
        self.store = store
        self.database = database
        self.settings = settings
        self.interval = interval
        self.clock = clock
    }

    /// Runs until its task is cancelled.
    /// - Throws: A `StoreError` that no retry can fix, as a lane does.
    func run() async throws {
        while !Task.isCancelled {
            var pruned = Pruned()
            var pause = interval
            do {
                try await prune(&pruned)
            } catch let error as StoreError where error.failure == .permanent {
                throw error
            } catch {
                settings.logger.error(
                    "store_failed", metadata: ["work": "prune", "error": "\(error)"])
                pause = min(pause, Self.storeRetry)
            }
            if pruned.rows > 0 {
                settings.logger.info(
                    "pruned",
                    metadata: [
                        "jobs": "\(pruned.jobs)", "dead_letters": "\(pruned.deadLetters)",
                        "ledger_entries": "\(pruned.ledgerEntries)",
                        "rejected_rows": "\(pruned.rejectedRows)",
                    ])
            }
            await clock.sleep(for: pause)
        }
    }

    private func prune(_ pruned: inout Pruned) async throws {
        let now = clock.now()
        while !Task.isCancelled {
            let began = clock.instant()
            let some = try await database.run { [store, settings] in
                try store.requireInPlace()
                return try store.prune(settings.retention, now: now)
            }
            if some.rows == 0 { return }
            pruned += some
            await clock.sleep(for: (clock.instant() - began) * Self.rest)
        }
    }
}
