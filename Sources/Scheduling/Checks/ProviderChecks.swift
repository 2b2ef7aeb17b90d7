internal import Foundation
package import Operations
internal import Planning
internal import Providers
package import Storage

/// Whether the providers' servers can be reached, and whether our clock agrees with theirs.
package struct ProviderChecks {
    let settings: Settings
    let network: Network

    package init(settings: Settings, network: Network) {
        self.settings = settings
        self.network = network
    }

    /// - Parameter counts: Jobs by endpoint.
    package func findings(_ counts: [String: JobCounts]) async throws -> [Finding] {
        var findings: [Finding] = []
        var seen: Set<String> = []
        for account in settings.accounts where isUsed(account, counts) {
            let place = "\(account.account.definition.name) \(account.account.baseURL)"
            guard seen.insert(place).inserted else { continue }
            findings += try await look(account)
        }
        return findings
    }

    /// Only accounts that have work or a key are checked.
    private func isUsed(_ account: AccountSettings, _ counts: [String: JobCounts]) -> Bool {
        account.isChosen
            || account.endpoints.contains { endpoint in
                counts[endpoint.name].map { $0.ready + $0.later + $0.running > 0 } ?? false
            }
    }

    private func look(_ account: AccountSettings) async throws -> [Finding] {
        let provider = account.account.definition
        let setting = account.urlName
        let base = account.account.baseURL
        guard var front = URLComponents(string: base) else { return [] }
        var findings = [path(front.path, of: provider, setting)].compactMap(\.self)
        front.path = "/"
        let address = front.string ?? base
        switch try await Probe.look(at: address, through: network) {
        case .success(let probe):
            findings += [
                Finding(.ok, "reach", "\(address) answers (\(probe.status)); no token was spent"),
                clock(provider.name, probe.serverAhead),
            ]
        case .failure(.unsent(.proxyAuthenticationRequired)) where isPasswordElsewhere:
            return [
                Finding(
                    .note, "reach",
                    "\(address): the proxy asks for a password, and there is none here; the daemon that runs may have been given one"
                )
            ]
        case .failure(let failure):
            findings.append(
                Finding(
                    .problem, "reach",
                    "\(address): \(Self.words(failure)). Try: \(Self.advice(failure, setting))"))
        }
        return findings
    }

    /// Calls to another path than the documented one most likely get a 404, which halts their lanes.
    private func path(
        _ path: String, of provider: ProviderDefinition, _ setting: SettingName
    ) -> Finding? {
        let documented = provider.documentedPaths
        let asked = path.hasSuffix("/") ? String(path.dropLast()) : path
        if documented.contains(asked) { return nil }
        return Finding(
            .note, "address",
            "\(setting.rawValue) has the path \(TerminalText.safe(asked.isEmpty ? "/" : asked)), "
                + "where \(provider.name) documents \(documented.joined(separator: " or ")). "
                + "Try: asinqd run --until-empty with one product, and its status")
    }

    /// A service's credentials are available to its process alone.
    private var isPasswordElsewhere: Bool {
        settings.network.proxyPassword == nil
            && DaemonLock.isHeld(database: settings.databasePath)
    }

    private func clock(_ provider: String, _ serverAhead: Duration?) -> Finding {
        guard let serverAhead else {
            return Finding(.note, "clock", "\(provider) does not tell its time")
        }
        let seconds = Double(serverAhead.milliseconds) / 1_000
        guard let difference = ClockReport.difference(seconds) else {
            return Finding(.ok, "clock", "agrees with \(provider)'s")
        }
        return Finding(
            .problem, "clock",
            "\(difference) \(provider)'s. Try: timedatectl set-ntp true")
    }

    private static func words(_ failure: TransportFailure) -> String {
        switch failure {
        case .timeout: "no answer in time"
        case .connectionClosed: "it closes the connection"
        case .bodyTooLarge: "its reply is too large"
        case .undecodable(_, let reason): "its reply cannot be read: \(reason)"
        case .other: "the exchange fails"
        case .unsent(let reason): words(reason)
        }
    }

    private static func words(_ reason: UnsentReason) -> String {
        switch reason {
        case .connectionRefused: "it refuses connections"
        case .connectTimeout: "no connection in time"
        case .connectionFailed: "no connection comes about"
        case .nameNotResolved: "its name leads to no address"
        case .certificateRefused: "its certificate is not to be trusted"
        case .proxyUnreachable: "the proxy cannot be reached"
        case .proxyRefused: "the proxy refuses to connect to it"
        case .proxyAuthenticationRequired: "the proxy asks for a user name and a password (407)"
        case .tooManyOpenFiles: "no more files may be open at the same time"
        }
    }

    /// Where to fix the failure.
    private static func advice(_ failure: TransportFailure, _ setting: SettingName) -> String {
        switch failure {
        case .unsent(.proxyAuthenticationRequired):
            """
            network.proxy with a user name, and \(SettingName.networkProxyPassword.environmentName) or the \
            credential network-proxyPassword
            """
        case .unsent(.proxyUnreachable), .unsent(.proxyRefused):
            "the proxy, or \(SettingName.networkProxy.rawValue) and \(SettingName.networkNoProxy.rawValue)"
        case .unsent(.certificateRefused):
            """
            \(setting.rawValue), or \(SettingName.networkCAFile.rawValue) where a certificate authority of your own \
            signed it
            """
        case .unsent(.tooManyOpenFiles): OpenFiles.advice
        default: "the network, or \(setting.rawValue)"
        }
    }
}
