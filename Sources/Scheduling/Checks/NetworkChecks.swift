internal import Foundation
package import Operations
internal import Providers

/// The proxy and the certificate authorities for the checks of servers.
package struct NetworkChecks {
    let settings: Settings
    let network: Network

    package init(settings: Settings, network: Network) {
        self.settings = settings
        self.network = network
    }

    package var findings: [Finding] { [proxy, authorities] }

    private var proxy: Finding {
        guard let proxy = network.proxy, let source = settings.network.proxy?.source else {
            return Finding(.ok, "proxy", "none")
        }
        let ways = settings.accounts.map { account in
            let proxy = network.proxy(for: account.account.baseURL)
            return "\(account.name) \(proxy == nil ? "without it" : "through it")"
        }
        return Finding(
            .ok, "proxy", "\(proxy), from \(source): \(ways.joined(separator: ", "))\(exceptions)")
    }

    private var exceptions: String {
        settings.network.exceptions.map { "; not for \($0.text), from \($0.source)" } ?? ""
    }

    private var authorities: Finding {
        guard let count = network.authorities.count else {
            return Finding(.ok, "CA", "the system's certificate authorities")
        }
        let places =
            [settings.network.authoritiesFile].compactMap(\.self)
            + settings.network.authoritiesFolders
        let words = places.map { "\($0.text), from \($0.source)" }.joined(separator: "; ")
        return Finding(
            .ok, "CA",
            "\(count) certificate \(count == 1 ? "authority" : "authorities") of \(words)")
    }
}
