package import Planning

/// One API: its endpoints, how to ask them, and what their replies mean.
package struct Provider: Sendable {
    package let name: String
    package let endpoints: [Endpoint]
    /// The paths below which the provider's pages put its endpoints.
    package let documentedPaths: [String]
    /// The request of an endpoint for the products of jobs, with a key, which is empty where a provider
    /// asks for none.
    package let request:
        @Sendable (_ endpoint: String, _ jobs: [Job], _ key: String) -> ProviderRequest
    /// What a reply means, given what was asked. The key is passed so that an echo of it is struck
    /// out.
    package let outcome:
        @Sendable (
            _ reply: ProviderReply, _ endpoint: String, _ asked: [String], _ key: String
        ) -> DatedOutcome

    /// - Parameter baseURL: With or without a slash at its end.
    package static func asinscope(_ limits: ASINScopeLimits, baseURL: String) -> Provider {
        Provider(
            name: ASINScope.provider, endpoints: limits.endpoints,
            documentedPaths: [ASINScope.path],
            request: {
                ASINScope.request(
                    endpoint: $0, products: $1.map(\.product), key: $2, baseURL: baseURL)
            },
            outcome: {
                DatedOutcome(
                    ASINScope.outcome(of: $0, endpoint: $1, asked: $2, key: $3, baseURL: baseURL),
                    serverAt: $0.serverAt)
            })
    }

    /// - Parameter baseURL: With or without a slash at its end.
    package static func upcitemdb(_ limits: UPCitemdbLimits, baseURL: String) -> Provider {
        Provider(
            name: UPCitemdb.provider, endpoints: limits.endpoints,
            documentedPaths: [UPCitemdb.trialPath, UPCitemdb.paidPath],
            request: { UPCitemdb.request(endpoint: $0, jobs: $1, key: $2, baseURL: baseURL) },
            outcome: {
                DatedOutcome(
                    UPCitemdb.outcome(of: $0, endpoint: $1, asked: $2, key: $3, baseURL: baseURL),
                    serverAt: $0.serverAt)
            })
    }
}
