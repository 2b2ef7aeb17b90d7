internal import Foundation
internal import Hummingbird
internal import Operations
internal import Planning
internal import Storage

/// The reports that every viewer sees, computed once for all of them.
final class SharedReports: Sendable {
    let status: SharedReport
    let plan: SharedReport
    let audit: SharedReport

    static let callsListed = 50

    init(_ database: WebDatabase, _ now: @escaping @Sendable () -> Timestamp) {
        let settings = database.settings
        status = SharedReport {
            try await database.read { store in
                Self.json(try StatusReport.read(settings, store, at: now()))
            }
        }
        plan = SharedReport {
            try await database.read { store in
                let forecast = try Forecast.read(
                    settings, store, at: now(), nextCalls: Self.callsListed)
                return Self.json(
                    PlanReport(
                        forecast, isDaemonRunning: DaemonLock.isHeld(database: store.path)))
            }
        }
        audit = SharedReport(intervalMin: .seconds(600)) {
            try await database.read { store in
                let at = now()
                let report = try store.audit(settings.limits(in: store), at: at)
                return Self.json(DatedAudit(at: at, audit: AuditJSON(report)))
            }
        }
    }

    private static func json(_ value: some Encodable) -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return ByteBuffer(bytes: (try? encoder.encode(value)) ?? Data("{}".utf8))
    }
}

/// An audit and its time.
private struct DatedAudit: Encodable {
    let at: Timestamp
    let audit: AuditJSON

    private enum CodingKeys: CodingKey { case at }

    func encode(to encoder: any Encoder) throws {
        try audit.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(HumanText.iso(at), forKey: .at)
    }
}

/// A report that is computed when somebody asks for it, and kept for a while: for 20 times as long as it took,
/// so that it never uses more than a twentieth of a core.
actor SharedReport {
    private static let costShare = 20

    private let intervalMin: Duration
    private let compute: @Sendable () async throws -> ByteBuffer
    private var latest: (report: ByteBuffer, until: ContinuousClock.Instant)?
    private var computing: Task<ByteBuffer, any Error>?

    init(
        intervalMin: Duration = .seconds(1),
        _ compute: @escaping @Sendable () async throws -> ByteBuffer
    ) {
        self.intervalMin = intervalMin
        self.compute = compute
    }

    /// The report as JSON, at most as old as it may be.
    func json() async throws -> ByteBuffer {
        if let latest, .now < latest.until { return latest.report }
        if let computing { return try await computing.value }
        let began = ContinuousClock.now
        let task = Task { [compute] in try await compute() }
        computing = task
        defer { computing = nil }
        let report = try await task.value
        let cost = (ContinuousClock.now - began) * Self.costShare
        latest = (report, .now + max(intervalMin, cost))
        return report
    }
}
