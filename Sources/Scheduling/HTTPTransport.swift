internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
package import Planning
package import Providers

/// Sends a request and brings back the reply, or the outcome that its failing is.
///
/// Redirects are not followed, because the body holds the key; certificates are verified; a body
/// over the limit is given up.
package struct HTTPTransport: Sendable {
    /// A call of 100 products brings about 100 KB; 4 MiB is beyond anything real. Memory goes with it: a
    /// body made for that takes 90 times its size as JSON is read.
    package static let bodyBytesMost = 4 << 20

    private let client: HTTPClient

    package init() {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(10)
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(configuration: configuration)
    }

    package func shutdown() async throws {
        try await client.shutdown()
    }

    /// - Parameter timeout: For the whole of it, from connecting to the body's last byte.
    package func send(
        _ request: ProviderRequest, timeout: Duration
    ) async -> Result<ProviderReply, TransportFailure> {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method)
        for field in request.fields { outgoing.headers.add(name: field.name, value: field.value) }
        outgoing.body = .bytes(ByteBuffer(bytes: request.body))
        // The client's own timeout ends with the reply's head. A body may trickle for ever.
        return await withTaskGroup { [outgoing] group in
            group.addTask { await exchange(outgoing, timeout: timeout) }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return .failure(.timeout)
            }
            defer { group.cancelAll() }
            return await group.next() ?? .failure(.other)
        }
    }

    private func exchange(
        _ request: HTTPClientRequest, timeout: Duration
    ) async -> Result<ProviderReply, TransportFailure> {
        do {
            let response = try await client.execute(
                request, timeout: .milliseconds(timeout.milliseconds))
            let body = try await response.body.collect(upTo: Self.bodyBytesMost)
            return .success(
                ProviderReply(
                    status: Int(response.status.code),
                    headers: Dictionary(
                        response.headers.map { ($0.name.lowercased(), $0.value) },
                        uniquingKeysWith: { first, _ in first }),
                    body: Array(body.readableBytesView), receivedAt: WallClock.now()))
        } catch {
            return .failure(TransportFailure(error))
        }
    }
}

/// How a request came to have no reply. The raw values stand in the ledger.
package enum TransportFailure: String, Error, Sendable {
    case timeout
    case connectionRefused = "connection_refused"
    case connectionClosed = "connection_closed"
    case nameNotResolved = "name_not_resolved"
    case certificateRefused = "certificate_refused"
    case bodyTooLarge = "body_too_large"
    case other = "transport_failed"

    /// Where the request cannot have reached the server: not before there is a connection, nor before its
    /// certificate is found to be good.
    package var outcome: CallOutcome {
        UnsentReason(rawValue: rawValue).map(CallOutcome.unsent)
            ?? .failed(status: nil, message: rawValue)
    }

    init(_ error: any Error) {
        let text = String(describing: type(of: error)) + " " + String(describing: error)
        self =
            switch error {
            case let error as HTTPClientError
            where [.deadlineExceeded, .connectTimeout, .readTimeout, .writeTimeout].contains(error):
                .timeout
            case let error as HTTPClientError where error == .remoteConnectionClosed:
                .connectionClosed
            case is HTTPParserError: .connectionClosed
            case is NIOTooManyBytesError: .bodyTooLarge
            case let error as NIOConnectionError
            where error.dnsAError != nil || error.dnsAAAAError != nil:
                error.connectionErrors.isEmpty ? .nameNotResolved : .connectionRefused
            case is NIOConnectionError: .connectionRefused
            case let error as IOError where error.errnoCode == ECONNREFUSED: .connectionRefused
            case is IOError: .connectionClosed
            case _ where text.contains("NIOSSL") || text.contains("ertificate"): .certificateRefused
            default: .other
            }
    }
}
