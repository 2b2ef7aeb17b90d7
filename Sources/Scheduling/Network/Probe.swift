internal import Planning
internal import Providers

/// A look at whether a provider's server is there, and at its clock, which spends nothing: it asks for the
/// server's front page and not for the API's, and shows no key.
package struct Probe: Sendable {
    package let status: Int
    /// How far the server's clock is ahead of ours; nil where it does not tell the time.
    package let serverAhead: Duration?

    private static let timeout = Duration.seconds(10)

    /// - Parameter address: Of the front page.
    package static func look(
        at address: String, through network: Network, _ clock: DaemonClock = .system
    ) async throws -> Result<Probe, TransportFailure> {
        let transport = HTTPTransport(network, clock)
        let start = clock.now()
        let reply = await transport.send(
            ProviderRequest(method: "HEAD", url: address, fields: [], body: []), timeout: timeout)
        let end = clock.now()
        try await transport.shutdown()
        return reply.map { reply in
            Probe(
                status: reply.status,
                serverAhead: reply.serverAt.map {
                    ServerTime(dated: $0, from: start, until: end).ahead
                })
        }
    }
}
