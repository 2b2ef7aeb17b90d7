internal import Planning
internal import Providers

/// Checks that a provider's server responds, and compares its clock, at no cost: it requests the server's
/// front page and not the API's, and sends no key.
package struct Probe: Sendable {
    package let status: Int
    /// How far the server's clock is ahead of ours; nil if it does not send the time.
    package let serverAhead: Duration?

    private static let timeout = Duration.seconds(10)

    /// - Parameter address: The front page's.
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
