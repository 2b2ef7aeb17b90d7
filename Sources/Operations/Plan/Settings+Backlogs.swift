package import Planning
internal import Providers
package import Storage

extension Settings {
    /// The waiting jobs of each provider, with the lanes that make no call whatever their jobs are.
    ///
    /// - Throws: `StoreError`
    package func backlogs(
        in store: Store, at now: Timestamp, labelsMax: Int = Store.labelsMax
    ) throws -> [Backlog] {
        let isDiskFull = DiskSpace(database: store.path)?.isFull ?? false
        let accounts = Accounts(self)
        return try store.reading {
            try reported(in: store).byProvider.map { provider in
                var backlog = try store.backlog(
                    of: provider.flatMap(\.endpoints), at: now, labelsMax: labelsMax)
                if isDiskFull { backlog.stand(.diskFull) { _ in true } }
                backlog.stand(.noAccount) { !accounts.exists(for: $0) }
                return backlog
            }
        }
    }
}
