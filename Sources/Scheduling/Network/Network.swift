internal import Foundation
package import Operations

/// How requests reach servers: by which proxy, if any, and whose word on a server's certificate counts.
package struct Network: Sendable {
    /// Asked for every server but this machine's own and the exceptions.
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

    /// The proxy that an address is asked through; nil where it is asked straight.
    package func proxy(for url: String) -> Proxy? {
        guard let proxy, let address = URLComponents(string: url), let name = address.host else {
            return nil
        }
        let host = Host(name)
        let port = address.port ?? (address.scheme?.lowercased() == "http" ? 80 : 443)
        return host.isLoopback || exceptions.contain(host, port: port) ? nil : proxy
    }
}
