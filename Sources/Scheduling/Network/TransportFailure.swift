internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
package import Planning
internal import Storage

/// Why a request got no reply.
package enum TransportFailure: Error, Equatable, Sendable {
    /// No byte of the request left, so that the server cannot have counted it.
    case unsent(UnsentReason)
    case timeout
    case connectionClosed
    case bodyTooLarge
    /// A successful reply whose body cannot be decoded, and why.
    case undecodable(status: Int, reason: String)
    case other

    package var outcome: CallOutcome {
        switch self {
        case .unsent(let reason): .unsent(reason)
        case .timeout: .failed(status: nil, message: "timeout")
        case .connectionClosed: .failed(status: nil, message: "connection_closed")
        case .bodyTooLarge: .failed(status: nil, message: "body_too_large")
        case .undecodable(let status, let reason):
            .failed(status: status, message: "unreadable_body: \(reason)")
        case .other: .failed(status: nil, message: "transport_failed")
        }
    }

    /// The failure of a request that was sent, at least in part.
    init(afterSending error: any Error) {
        self =
            switch error {
            case let error as TransportFailure: error
            case is CancellationError: .timeout
            case let error as HTTPClientError where Self.timeouts.contains(error): .timeout
            case let error as HTTPClientError where error == .remoteConnectionClosed:
                .connectionClosed
            case is HTTPParserError, is IOError, is ChannelError: .connectionClosed
            case is NIOTooManyBytesError: .bodyTooLarge
            // An alert from the server, or an end without a close alert.
            case _ where Self.isTLS(error): .connectionClosed
            default: .other
            }
    }

    private static let timeouts: [HTTPClientError] = [
        .cancelled, .deadlineExceeded, .connectTimeout, .readTimeout, .writeTimeout,
        .tlsHandshakeTimeout, .httpProxyHandshakeTimeout, .socksHandshakeTimeout,
        .getConnectionFromPoolTimeout,
    ]

    static func isTimeout(_ error: any Error) -> Bool {
        error is CancellationError || (error as? HTTPClientError).map(timeouts.contains) == true
    }

    static func isTLS(_ error: any Error) -> Bool {
        switch error {
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError, is NIOTLSUnwrappingError,
            is NIOSSLCloseTimedOutError:
            true
        default: false
        }
    }
}

extension UnsentReason {
    /// - Parameter isProxied: Whether a proxy was to make the connection.
    init(_ error: any Error, isProxied: Bool) {
        if Self.isShortage(error) {
            self = .tooManyOpenFiles
            return
        }
        self =
            switch error {
            case let error as HTTPClientError where error == .proxyAuthenticationRequired:
                .proxyAuthenticationRequired
            case let error as HTTPClientError where error == .invalidProxyResponse: .proxyRefused
            case let error as HTTPClientError
            where error == .httpProxyHandshakeTimeout || error == .socksHandshakeTimeout:
                .proxyUnreachable
            case _ where TransportFailure.isTimeout(error): .connectTimeout
            case let error as NIOConnectionError where error.connectionErrors.isEmpty:
                isProxied ? .proxyUnreachable : .nameNotResolved
            case is NIOConnectionError: isProxied ? .proxyUnreachable : .connectionRefused
            case let error as IOError where error.errnoCode == ECONNREFUSED:
                isProxied ? .proxyUnreachable : .connectionRefused
            case _ where String(reflecting: type(of: error)).contains("SOCKS"): .proxyRefused
            case _ where TransportFailure.isTLS(error): .certificateRefused
            default: .connectionFailed
            }
    }

    /// The name resolver does not give the cause of its failure.
    private static func isShortage(_ error: any Error) -> Bool {
        let causes = (error as? NIOConnectionError)?.connectionErrors.map(\.error) ?? [error]
        let codes = causes.compactMap { ($0 as? IOError)?.errnoCode }
        return codes.contains(where: OpenFiles.areUsedUp)
            || codes.isEmpty && OpenFiles.areNearlyUsedUp
    }
}
