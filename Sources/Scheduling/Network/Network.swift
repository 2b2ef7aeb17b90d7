internal import Foundation
package import Operations

/// How requests reach servers: the proxy, if any, and the authorities for servers' certificates.
package struct Network: Sendable {
    /// Used for every server except this machine's own and the exceptions.
    package let proxy: Proxy?
    package let exceptions: ProxyExceptions
    package let authorities: CertificateAuthorities

    package init(
        proxy: Proxy? = nil, exceptions: ProxyExceptions = ProxyExceptions(""),
        authorities: CertificateAuthorities = .system
    ) {
        self.proxy = proxy
        self.exceptions = exceptions
        self.authorities = authorities
    }

    /// The proxy for an address; nil for a direct connection.
    package func proxy(for url: String) -> Proxy? {
        guard let proxy, let address = URLComponents(string: url), let name = address.host else {
            return nil
        }
        let host = Host(name)
        let port = address.port ?? (address.scheme?.lowercased() == "http" ? 80 : 443)
        return host.isLoopback || exceptions.contain(host, port: port) ? nil : proxy
    }
}
