package import Planning
internal import Providers
package import Storage

extension PlanReport {
    /// How many jobs a what-if may add at an endpoint.
    package static let addedMax = 100_000_000

    /// The data of `plan`, as if jobs were enqueued now. Changes nothing.
    ///
    /// With added jobs the report has no labels, as the forecast of `enqueue --dry-run`: theirs would be of
    /// another queue than the one that is waiting.
    ///
    /// - Parameters:
    ///   - adding: Jobs by endpoint that name no account; where answers have pages, each fetches the usual
    ///     number.
    ///   - priority: Of the added jobs, 0 to 9.
    /// - Throws: `OperationError.badRequest` for an unknown endpoint, or a number out of range; `StoreError`
    package static func read(
        _ settings: Settings, _ store: Store, at now: Timestamp, nextCalls: Int,
        adding: [(endpoint: String, jobs: Int)] = [], priority: Int = EnqueueOptions().priority
    ) throws -> PlanReport {
        guard (0...9).contains(priority) else {
            throw OperationError(
                .badRequest, "The priority \(priority) is out of range.\nTry: use 0 to 9.")
        }
        for added in adding where !(0...addedMax).contains(added.jobs) {
            throw OperationError(
                .badRequest,
                "\(added.jobs) jobs cannot be added at \(TerminalText.excerpt(added.endpoint, 60)).\nTry: use a number from 0 to \(addedMax)."
            )
        }
        return try store.reading {
            var backlogs = try settings.backlogs(
                in: store, at: now, labelsMax: adding.isEmpty ? Store.labelsMax : 0)
            for added in adding {
                guard let definition = Catalog.current.endpoint(named: added.endpoint) else {
                    throw OperationError.unknownEndpoint(
                        added.endpoint, known: Catalog.current.endpoints.map(\.name))
                }
                let calls = added.jobs * (definition.pagesUsual ?? 1)
                for index in backlogs.indices {
                    backlogs[index][added.endpoint]?.append(calls, priority: priority, at: now)
                }
            }
            return PlanReport(
                Forecast(of: backlogs, nextCalls: nextCalls),
                try DaemonActivity.read(store, at: now),
                schedules: try ScheduleReport.all(settings, store, at: now))
        }
    }
}
