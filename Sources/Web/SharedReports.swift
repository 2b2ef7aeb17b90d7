internal import Foundation
internal import Hummingbird
internal import Operations
internal import Planning
internal import Storage

/// The reports that every viewer sees, computed once for all of them.
final class SharedReports: Sendable {
    let status: SharedReport<StatusReport>
    let plan: SharedReport<PlanReport>
    let audit: SharedReport<DatedAudit>

    static let callsListed = 50

    init(_ database: WebDatabase, _ now: @escaping @Sendable () -> Timestamp) {
        let settings = database.settings
        status = SharedReport {
            try await database.read { try StatusReport.read(settings, $0, at: now()) }
        }
        plan = SharedReport {
            try await database.read { store in
                let at = now()
                let forecast = try Forecast.read(
                    settings, store, at: at, nextCalls: Self.callsListed)
                return PlanReport(forecast, try DaemonActivity.read(store, at: at))
            }
        }
        audit = SharedReport(intervalMin: .seconds(600)) {
            try await database.read { store in
                let at = now()
                let report = try store.audit(settings.limits(in: store), at: at)
                return DatedAudit(at: at, audit: AuditJSON(report))
            }
        }
    }
}

/// An audit and its time.
struct DatedAudit: Encodable, Sendable {
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
actor SharedReport<Value: Encodable & Sendable> {
    private typealias Computed = (value: Value, json: ByteBuffer)
    private static var costShare: Int { 20 }

    private let intervalMin: Duration
    private let compute: @Sendable () async throws -> Value
    private var latest: (report: Computed, until: ContinuousClock.Instant)?
    private var computing: Task<Computed, any Error>?

    init(
        intervalMin: Duration = .seconds(1), _ compute: @escaping @Sendable () async throws -> Value
    ) {
        self.intervalMin = intervalMin
        self.compute = compute
    }

    func value() async throws -> Value { try await report().value }

    /// The same as JSON on one line.
    func json() async throws -> ByteBuffer { try await report().json }

    private func report() async throws -> Computed {
        if let latest, .now < latest.until { return latest.report }
        if let computing { return try await computing.value }
        let began = ContinuousClock.now
        let task = Task { [compute] in
            let value = try await compute()
            return (value: value, json: Response.bytes(of: value))
        }
        computing = task
        defer { computing = nil }
        let report = try await task.value
        let cost = (ContinuousClock.now - began) * Self.costShare
        latest = (report, .now + max(intervalMin, cost))
        return report
    }
}
