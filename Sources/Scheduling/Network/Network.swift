internal import AsyncHTTPClient
internal import Foundation
package import Operations
internal import Providers

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

extension NetworkSettings {
    /// Reads the files that it names.
    /// - Throws: `SettingsError`
    package func network() throws -> Network {
        Network(
            proxy: try proxy.map(parsed), exceptions: ProxyExceptions(exceptions?.text ?? ""),
            authorities: try authorities())
    }

    private func authorities() throws -> CertificateAuthorities {
        do {
            return try CertificateAuthorities(
                file: authoritiesFile?.text, folders: authoritiesFolders.map(\.text))
        } catch {
            let sources = ([authoritiesFile].compactMap(\.self) + authoritiesFolders)
                .map(\.source).joined(separator: ", ")
            throw SettingsError(
                problem:
                    "The certificate authorities of \(sources) cannot be used: \(TerminalText.safe(error.description)).",
                advice: "use a file of certificates in PEM form, or leave \(sources) out.")
        }
    }
}

extension Proxy {
    var clientProxy: HTTPClient.Configuration.Proxy {
        switch kind {
        case .socks5: .socksServer(host: host.name, port: port)
        case .http:
            .server(
                host: host.name, port: port,
                authorization: user.map { .basic(username: $0, password: password.secret) })
        }
    }
}
