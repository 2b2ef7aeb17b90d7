package import Planning
package import Storage

/// One job, with its calls, its result, and why it waits. Its JSON is a contract: fields are added, never
/// renamed.
package struct JobReport: Encodable {
    package var job: JobRecord
    /// The latest ones that were made for it, as far as the ledger says.
    package var calls: [CallRecord]
    package var result: ResultRecord?
    /// nil for a job that does not wait.
    package var outlook: JobOutlook?

    package static let callsShown = 20

    private enum CodingKeys: CodingKey { case calls, result }

    package func encode(to encoder: any Encoder) throws {
        try job.encode(to: encoder)
        try outlook?.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(calls, forKey: .calls)
        try container.encodeIfPresent(result, forKey: .result)
    }

    /// All of it as it was at one moment; nil if there is no such job.
    ///
    /// - Throws: `StoreError`
    package static func read(
        _ settings: Settings, _ store: Store, id: Int64, at now: Timestamp
    ) throws -> JobReport? {
        try store.reading {
            guard let job = try store.job(id, at: now) else { return nil }
            return JobReport(
                job: JobRecord(job),
                calls: try store.calls(for: job, limit: callsShown).map(CallRecord.init),
                result: try store.result(job.product, at: job.endpoint).map(ResultRecord.init),
                outlook: try JobOutlook.read(job, settings, store, at: now))
        }
    }
}
