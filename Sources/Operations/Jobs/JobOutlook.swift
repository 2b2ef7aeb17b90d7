package import Planning
internal import Providers
package import Storage

/// When the turn of a waiting job is, and why it waits.
package struct JobOutlook: Encodable {
    /// How many jobs of its endpoint go first; absent beyond `Store.aheadMax`.
    package var position: Int?
    /// When the call that takes it starts, according to the forecast; absent if that is unknown.
    package var startsAt: String?
    package var holds: [JobHold]

    /// - Returns: nil for a job that does not wait.
    /// - Throws: `StoreError`
    package static func read(
        _ job: JobLine, _ settings: Settings, _ store: Store, at now: Timestamp
    ) throws -> JobOutlook? {
        guard job.state.isWaiting else { return nil }
        return try store.reading {
            let accounts = try settings.reported(in: store)
            let endpoint = accounts.flatMap(\.endpoints).first { $0.name == job.endpoint }
            let place = try endpoint.map { try store.place(of: job, at: $0) }
            return JobOutlook(
                position: place?.ahead,
                startsAt: try place.flatMap {
                    try Forecast.start(of: job, $0, settings, store, at: now)
                }.map(HumanText.iso),
                holds: try JobHold.all(of: job, place, settings, store, at: now))
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
