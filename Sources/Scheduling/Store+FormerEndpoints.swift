internal import Planning
internal import Providers
internal import Storage

extension Store {
    /// The endpoints of an account that the settings no longer have, with their last limits: these decide
    /// when a call that was left open stops counting.
    ///
    /// - Parameter calls: The open calls of the account. A call whose endpoint the catalog no longer has gets
    ///   an endpoint without limits.
    func formerEndpoints(
        of account: String, for calls: [LedgerEntry], in catalog: Catalog
    ) throws -> [Endpoint] {
        let provider = try accounts().first { $0.name == account }?.provider
        let definition = provider.flatMap { catalog.provider(named: $0) }
        let figures = try limitSettings(of: account).compactMap { LimitFigures(json: $0.figures) }
            .last
        let known =
            definition.map { $0.endpoints(figures ?? $0.figures(), account: account) } ?? []
        let others = Set(calls.map(\.endpoint)).subtracting(known.map(\.name)).sorted()
        return known
            + others.map {
                Endpoint(
                    name: $0, provider: provider ?? account, account: account, batchLimit: 1,
                    tariff: .perProduct, limits: [], pools: [], linger: .zero, timeout: .zero)
            }
    }
}
