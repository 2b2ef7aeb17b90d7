package import Planning
package import Providers
package import Storage

extension Settings {
    /// The accounts in reports, with their limits: those that the daemon uses, from the database; those of
    /// these settings for a provider that no daemon has used.
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

    /// Jobs that wait for an account that the daemon does not use.
    func jobsOfMissingAccounts(in store: Store) throws -> [AccountJobs] {
        let reported = Set(try reported(in: store).map(\.name))
        return try store.waitingJobs(
            naming: store.accounts().map(\.name).filter { !reported.contains($0) })
    }

    /// The limits that an audit compares each account's calls with: those that the daemon has used, in order.
    /// They include accounts that it no longer uses, because their calls are in the ledger.
    package func limits(in store: Store) throws -> [AccountLimits] {
        let reported = try reported(in: store)
        let others = try store.accounts().filter { stored in
            !reported.contains { $0.name == stored.name }
        }.compactMap {
            Catalog.current.provider(named: $0.provider)?.account($0.name, isShared: $0.isShared)
        }
        return try (reported + others).map { account in
            let periods = try store.limitSettings(of: account.name).compactMap { setting in
                LimitFigures(json: setting.figures).map { figures in
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
            let figures = LimitFigures(json: latest.figures)
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
