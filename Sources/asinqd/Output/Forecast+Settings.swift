import Planning
import Providers
import Storage

extension Forecast {
    /// When what waits at all providers will be done.
    ///
    /// - Throws: `StoreError`
    init(_ settings: Settings, _ store: Store, at now: Timestamp, nextCalls: Int) throws {
        let isDiskFull = DiskRoom(database: store.path)?.isFull ?? false
        let accounts = Accounts(settings)
        self.init(
            of: try settings.reported(in: store).byProvider.map { provider in
                var backlog = try store.backlog(of: provider.flatMap(\.endpoints), at: now)
                if isDiskFull { backlog.stand(.diskFull) { _ in true } }
                backlog.stand(.noAccount) { !accounts.exists(for: $0) }
                return backlog
            }, nextCalls: nextCalls)
    }
}
