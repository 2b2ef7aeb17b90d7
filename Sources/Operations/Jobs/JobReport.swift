package import Planning
internal import Providers
package import Storage

/// One job, with its calls, its result, and why it waits. Its JSON is a contract: fields are added, never
/// renamed.
package struct JobReport: Encodable {
    package var job: JobRecord
    /// The latest ones that were made for it, as far as the ledger says.
    package var calls: [CallRecord]
    package var result: ResultRecord?
    /// How many jobs of its endpoint go first; absent beyond `Store.aheadMax`, and for a job that does not
    /// wait.
    package var position: Int?
    /// When the call that takes it starts, according to the forecast; absent if that is unknown.
    package var startsAt: String?
    /// Why it waits; absent for a job that does not wait.
    package var holds: [JobHold]?

    package static let callsShown = 20

    private enum CodingKeys: CodingKey { case calls, result, position, startsAt, holds }

    package func encode(to encoder: any Encoder) throws {
        try job.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(calls, forKey: .calls)
        try container.encodeIfPresent(result, forKey: .result)
        try container.encodeIfPresent(position, forKey: .position)
        try container.encodeIfPresent(startsAt, forKey: .startsAt)
        try container.encodeIfPresent(holds, forKey: .holds)
    }

    /// All of it as it was at one moment; nil if there is no such job.
    ///
    /// - Throws: `StoreError`
    package static func read(
        _ settings: Settings, _ store: Store, id: Int64, at now: Timestamp
    ) throws -> JobReport? {
        try store.reading {
            guard let job = try store.job(id, at: now) else { return nil }
            var report = JobReport(
                job: JobRecord(job),
                calls: try store.calls(for: job, limit: callsShown).map(CallRecord.init),
                result: try store.result(job.product, at: job.endpoint).map(ResultRecord.init))
            guard [.ready, .later, .paused].contains(job.state) else { return report }
            let accounts = try settings.reported(in: store)
            var place: JobPlace?
            if let endpoint = accounts.flatMap(\.endpoints).first(where: {
                $0.name == job.endpoint
            }) {
                place = try store.place(of: job, at: endpoint)
            }
            report.position = place?.ahead
            if let place {
                report.startsAt = try Forecast.start(of: job, place, settings, store, at: now)
                    .map(HumanText.iso)
            }
            report.holds = try JobHold.all(of: job, place, settings, store, at: now)
            return report
        }
    }
}

extension Forecast {
    /// When the call that takes a waiting job starts: the end of that call, less its assumed duration. For a
    /// job that is due later, the call that takes the last of the jobs due at about the same time.
    ///
    /// - Returns: nil if it has no end.
    fileprivate static func start(
        of job: JobLine, _ place: JobPlace, _ settings: Settings, _ store: Store, at now: Timestamp
    ) throws -> Timestamp? {
        if job.state == .paused { return nil }
        var backlogs = try settings.backlogs(in: store, at: now, labelsMax: 0)
        for index in backlogs.indices {
            guard let queue = backlogs[index][job.endpoint, account: job.account] else { continue }
            let line = queue.lines[job.priority]
            var mark = JobGroup.Mark(
                priority: job.priority, part: 0, position: min(place.position, line.ready))
            if let dueAt = job.notBefore {
                guard let part = line.scheduled.firstIndex(where: { $0.dueAt >= dueAt }) else {
                    return nil
                }
                (mark.part, mark.position) = (part + 1, line.scheduled[part].count)
            }
            backlogs[index][job.endpoint, account: job.account]?.groups = [
                JobGroup(jobs: 1, marks: [mark])
            ]
        }
        let endpoint = Forecast(of: backlogs, nextCalls: 0)[job.endpoint]
        guard let endpoint, let end = endpoint.groups.first?.finishesAt else { return nil }
        return max(now, end - endpoint.callDuration)
    }
}
