internal import Logging
internal import Planning
internal import Storage

/// A daemon's place among the hosts of a PostgreSQL server: it stands by, or leads and extends its lease.
struct Attendance: Sendable {
    private let lease: HostLease
    private let report: ServiceReport
    private let logger: Logger
    private let clock: DaemonClock
    private let database = DatabaseThread()

    init(_ lease: HostLease, _ report: ServiceReport, _ logger: Logger, _ clock: DaemonClock) {
        self.lease = lease
        self.report = report
        self.logger = logger
        self.clock = clock
    }

    /// - Returns: true once this host leads; false if it is to stop.
    func awaitLead(until isStopping: () -> Bool) async throws -> Bool {
        var told: String?
        func tell(_ event: String, _ log: () -> Void) {
            if told != event { log() }
            told = event
        }
        while !isStopping() {
            do {
                if try await attend() {
                    logger.notice("leading")
                    return true
                }
                tell("standing_by") { logger.notice("standing_by") }
            } catch let error as StoreError where error.failure != .permanent {
                tell("\(error)") {
                    logger.error("store_failed", metadata: ["error": "\(error)"])
                }
            }
            report.standsBy()
            await clock.sleep(for: lease.standbyPause)
            try Task.checkCancellation()
        }
        return false
    }

    /// Extends the lease until the task is cancelled. If it cannot be extended in time, no lane makes another
    /// call.
    func keepLead() async {
        while !Task.isCancelled {
            await clock.sleep(for: HostLease.attendInterval)
            if Task.isCancelled { return }
            do {
                _ = try await attend()
            } catch {
                logger.error("lease_not_extended", metadata: ["error": "\(error)"])
            }
        }
    }

    private func attend() async throws -> Bool {
        try await database.run { [lease, clock] in try lease.attend(clock.now) }
    }
}
