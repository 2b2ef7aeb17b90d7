package import Planning
internal import Providers
package import Storage

extension Forecast {
    /// When the jobs of all providers will be done: the daemon's planner, run ahead over the current queue.
    ///
    /// - Throws: `StoreError`
    package static func read(
        _ settings: Settings, _ store: Store, at now: Timestamp, nextCalls: Int
    ) throws -> Forecast {
        let isDiskFull = DiskSpace(database: store.path)?.isFull ?? false
        let accounts = Accounts(settings)
        let backlogs = try store.reading {
            try settings.reported(in: store).byProvider.map { provider in
                var backlog = try store.backlog(of: provider.flatMap(\.endpoints), at: now)
                if isDiskFull { backlog.stand(.diskFull) { _ in true } }
                backlog.stand(.noAccount) { !accounts.exists(for: $0) }
                return backlog
            }
        }
        return Forecast(of: backlogs, nextCalls: nextCalls)
    }
}
