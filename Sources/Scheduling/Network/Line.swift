internal import AsyncHTTPClient
internal import Dispatch
internal import NIOCore
internal import Operations
internal import Planning

/// A client that makes one call at a time, over one connection that it keeps for a few seconds.
final class Line: Sendable {
    let client: HTTPClient
    let exchange: Exchange
    let isProxied: Bool

    /// - Parameters:
    ///   - proxy: nil for a direct connection to the server.
    ///   - idleMax: How long its connection is kept without a call.
    init(
        _ authorities: CertificateAuthorities, _ proxy: Proxy?, idleMax: Duration,
        _ clock: DaemonClock
    ) {
        let exchange = Exchange(now: clock.now)
        var configuration = HTTPClient.Configuration()
        configuration.tlsConfiguration = authorities.tlsConfiguration
        configuration.proxy = proxy?.clientProxy
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(10)
        configuration.connectionPool.idleTimeout = .milliseconds(idleMax.milliseconds)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1
        configuration.connectionPool.retryConnectionEstablishment = false
        // With HTTP/2 several calls would share one connection and fail with it.
        configuration.httpVersion = .http1Only
        configuration.http1_1ConnectionDebugInitializer = {
            ConnectionWitness.add(to: $0, exchange)
        }
        client = HTTPClient(configuration: configuration)
        self.exchange = exchange
        isProxied = proxy != nil
    }

    /// Begins to close its connection. `closing` is entered until it is closed.
    func close(_ closing: DispatchGroup) {
        closing.enter()
        client.shutdown { _ in closing.leave() }
    }
}
