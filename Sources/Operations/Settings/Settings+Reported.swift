package import Planning
package import Providers
package import Storage

extension Settings {
    /// The accounts that reports are about: those that the daemon works with, and its limits for them, as
    /// the database has them; of a provider that no daemon has worked, those of these settings.
    package func reported(in store: Store) throws -> [ProviderAccount] {
        let stored = try store.accounts()
        return try Catalog.current.providers.flatMap { provider in
            let worked = try stored.filter { $0.provider == provider.name }.compactMap {
                try account($0, of: provider, in: store)
            }
            if worked.isEmpty {
                return accounts.map(\.account).filter { $0.definition.name == provider.name }
            }
            return worked.filter(\.isFirst) + worked.filter { !$0.isFirst }
        }
    }

    /// What an audit judges each account's calls by: the limits that the daemon has worked with, in their
    /// order.
    package func limits(in store: Store) throws -> [AccountLimits] {
        try reported(in: store).map { account in
            let periods = try store.limitSettings(of: account.name).compactMap { setting in
                Figures(json: setting.figures).map { figures in
                    AccountLimits.Period(
                        since: setting.since,
                        endpoints: account.definition.endpoints(
                            figures, account: account.name, isShared: account.isShared))
                }
            }
            let present = AccountLimits.Period(
                since: Timestamp(milliseconds: 0), endpoints: account.endpoints)
            return AccountLimits(
                account: account.name, periods: periods.isEmpty ? [present] : periods)
        }
    }

    private func account(
        _ stored: StoredAccount, of provider: ProviderDefinition, in store: Store
    ) throws -> ProviderAccount? {
        guard let latest = try store.limitSettings(of: stored.name).last,
            let figures = Figures(json: latest.figures)
        else { return nil }
        return provider.account(
            stored.name, isShared: stored.isShared, figures: figures,
            baseURL: accounts.first { $0.name == stored.name }?.account.baseURL)
    }
}

extension [ProviderAccount] {
    /// Provider by provider.
    package var byProvider: [[ProviderAccount]] {
        Catalog.current.providers.map { provider in
            filter { $0.definition.name == provider.name }
        }.filter { !$0.isEmpty }
    }
}
