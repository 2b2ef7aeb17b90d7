/// Why a call did not reach the server, as the ledger spells it in place of a server's message.
package enum UnsentReason: String, CaseIterable, Sendable {
    case connectionRefused = "connection_refused"
    case connectTimeout = "connect_timeout"
    /// Cut off, or not possible for another reason, before a byte of the request was sent.
    case connectionFailed = "connection_failed"
    case nameNotResolved = "name_not_resolved"
    case certificateRefused = "certificate_refused"
    case proxyUnreachable = "proxy_unreachable"
    /// The proxy answered, and made no connection.
    case proxyRefused = "proxy_refused"
    case proxyAuthenticationRequired = "proxy_authentication_required"
    case tooManyOpenFiles = "too_many_open_files"
}
