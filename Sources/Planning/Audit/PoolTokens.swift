/// Totals of the calls of an account's endpoints that share a daily pool. Tokens of two pools are different
/// units and are never added.
package struct PoolTokens: Equatable, Sendable {
    package var account: String
    package var endpoints: [String]
    package var calls = 0
    package var reserved = 0
    package var charged = 0
    /// Tokens by which balances fell faster than our own calls explain.
    package var otherClient = 0
    /// Charged here for a reply that never came, and not charged by the server.
    package var lostReply = 0
    /// Tokens by which balances were higher than anything explains.
    package var unexplained = 0

    package init(account: String, endpoints: [String]) {
        self.account = account
        self.endpoints = endpoints
    }

    /// Zero tokens for `endpoints`, in groups that draw from one pool.
    package static func none(_ endpoints: [Endpoint]) -> [PoolTokens] {
        var groups: [(provider: String?, tokens: PoolTokens)] = []
        for endpoint in endpoints {
            let provider = endpoint.sharedPool == nil ? nil : endpoint.provider
            if let index = groups.firstIndex(where: {
                $0.provider == provider && provider != nil && $0.tokens.account == endpoint.account
            }) {
                groups[index].tokens.endpoints.append(endpoint.name)
            } else {
                groups.append(
                    (provider, PoolTokens(account: endpoint.account, endpoints: [endpoint.name])))
            }
        }
        return groups.map(\.tokens)
    }
}
