internal import Foundation
internal import Hummingbird
internal import Operations
internal import Planning
internal import Storage

/// The reports that every viewer sees, computed once for all of them.
final class SharedReports: Sendable {
    let status: SharedReport<StatusReport>
    let plan: SharedReport<SharedPlan>
    let audit: SharedReport<DatedAudit>
    let metrics: SharedReport<[MetricFamily]>
    /// The first page of labels.
    let labels: SharedReport<LabelPage>
    let hours: SharedReport<AnsweredHours>
    /// The history of limits over the last hours, by their number.
    let limits: [Int: SharedReport<LimitHistory>]

    /// The spans that the page of limits offers, in hours.
    static let limitSpans = [1, 6, 24, 168]

    static let callsListed = 50

    init(
        _ database: WebDatabase, _ version: String, _ now: @escaping @Sendable () -> Timestamp
    ) {
        let settings = database.settings
        status = SharedReport {
            try await database.read { try StatusReport.read(settings, $0, at: now()) }
        }
        plan = SharedReport {
            try await database.read { store in
                SharedPlan(
                    try PlanReport.read(
                        settings, store, at: now(), nextCalls: SharedPlan.callsMax))
            }
        }
        audit = SharedReport(intervalMin: .seconds(60)) {
            try await database.read { store in
                let at = now()
                let report = try store.audit(settings.limits(in: store), at: at)
                return DatedAudit(at: at, audit: AuditJSON(report))
            }
        }
        let histories = Self.limitSpans.map { hours in
            SharedReport(intervalMin: .seconds(10)) {
                try await database.read { store in
                    let now = now()
                    return try LimitHistory.read(
                        settings, store, since: now - .seconds(hours * 3_600), until: now)
                }
            }
        }
        limits = Dictionary(uniqueKeysWithValues: zip(Self.limitSpans, histories))
        hours = SharedReport(intervalMin: .seconds(30)) {
            try await database.read { store in
                let now = now()
                return AnsweredHours(
                    until: now,
                    products: try store.answersByHour(since: now - .seconds(23 * 3_600)))
            }
        }
        metrics = SharedReport { [audit] in
            // Without an audit, such as while another program holds the database, the others are served.
            let last = try? await audit.value()
            return try await database.read { store in
                try MetricsReport.read(
                    settings, store, at: now(), version: version,
                    audit: last.map { .init(problems: $0.audit.problems, at: $0.at) },
                    backupAt: settings.serve.backup.flatMap(AlertChecks.latestBackup)
                ).families
            }
        }
        labels = SharedReport {
            try await database.read { store in
                try LabelPage.read(
                    settings, store, limit: ListPage.limitUsual, cursor: nil, at: now())
            }
        }
    }
}

/// The plan, and how the tokens of each pool will go down.
struct SharedPlan: Encodable, Sendable {
    /// Enough for the calls of a day.
    static let callsMax = 10_000

    let report: PlanReport
    /// For each of the report's pools: after some of the upcoming calls, the tokens that are left.
    let burnDowns: [[(at: String, left: Int)]]

    private static let pointsMax = 400

    init(_ plan: PlanReport) {
        var report = plan
        burnDowns = plan.pools.map { pool in
            var left = pool.tokensLeft
            var points: [(at: String, left: Int)] = []
            for call in plan.calls
            where pool.account == call.account && pool.endpoints.contains(call.endpoint) {
                if call.at >= pool.resetsAt { break }
                left = max(0, left - call.tokens)
                points.append((call.at, left))
            }
            let stride = points.count / Self.pointsMax + 1
            return points.enumerated().filter {
                $0.offset % stride == 0 || $0.offset == points.count - 1
            }.map(\.element)
        }
        report.calls = Array(plan.calls.prefix(SharedReports.callsListed))
        self.report = report
    }

    func encode(to encoder: any Encoder) throws { try report.encode(to: encoder) }
}

/// The products that were answered in each of the last 24 hours.
struct AnsweredHours: Sendable {
    let until: Timestamp
    /// By the number of the hour since 1970.
    let products: [Int64: Int]
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

/// A report that is computed when somebody asks for it, and kept for a while: for 40 times as long as it took,
/// so that reports and pages together stay near a twentieth of a core.
actor SharedReport<Value: Sendable> {
    private static var costShare: Int { 40 }

    private let intervalMin: Duration
    private let compute: @Sendable () async throws -> Value
    private var latest: (value: Value, until: ContinuousClock.Instant)?
    private var computing: Task<Value, any Error>?
    /// The latest value as JSON, if it was asked for.
    private var encoded: ByteBuffer?

    init(
        intervalMin: Duration = .seconds(1), _ compute: @escaping @Sendable () async throws -> Value
    ) {
        self.intervalMin = intervalMin
        self.compute = compute
    }

    func value() async throws -> Value {
        if let latest, .now < latest.until { return latest.value }
        if let computing { return try await computing.value }
        let began = ContinuousClock.now
        let task = Task { [compute] in try await compute() }
        computing = task
        defer { computing = nil }
        let value = try await task.value
        let cost = (ContinuousClock.now - began) * Self.costShare
        latest = (value, .now + max(intervalMin, cost))
        encoded = nil
        return value
    }
}

extension SharedReport where Value: Encodable {
    /// The same as JSON on one line.
    func json() async throws -> ByteBuffer {
        let value = try await value()
        if let encoded { return encoded }
        let bytes = Response.bytes(of: value)
        encoded = bytes
        return bytes
    }
}
