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
                counts[endpoint.name].map { $0.unpaused > 0 } ?? false
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
                    "\(address): the proxy asks for a password, and none is set here; the running daemon may have one"
                )
            ]
        case .failure(let failure):
            findings.append(
                Finding(
                    .problem, "reach",
                    "\(address): \(Self.message(for: failure)). Try: \(Self.advice(failure, setting))"
                ))
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
                + "but \(provider.name) documents \(documented.joined(separator: " or ")). "
                + "Try: call it for one product with asinqd run --until-empty, then run asinqd status"
        )
    }

    /// A service's credentials are available to its process alone.
    private var isPasswordElsewhere: Bool {
        settings.network.proxyPassword == nil
            && Store.isWorked(at: settings.databasePath)
    }

    private func clock(_ provider: String, _ serverAhead: Duration?) -> Finding {
        guard let serverAhead else {
            return Finding(.note, "clock", "\(provider) sends no date")
        }
        let seconds = Double(serverAhead.milliseconds) / 1_000
        guard let difference = ClockReport.difference(seconds) else {
            return Finding(.ok, "clock", "agrees with \(provider)'s")
        }
        return Finding(
            .problem, "clock",
            "\(difference) \(provider)'s. Try: run timedatectl set-ntp true")
    }

    private static func message(for failure: TransportFailure) -> String {
        switch failure {
        case .timeout: "timed out"
        case .connectionClosed: "it closed the connection"
        case .bodyTooLarge: "its reply is too large"
        case .undecodable(_, let reason): "its reply cannot be read: \(reason)"
        case .other: "the request failed"
        case .unsent(let reason): message(for: reason)
        }
    }

    private static func message(for reason: UnsentReason) -> String {
        switch reason {
        case .connectionRefused: "connection refused"
        case .connectTimeout: "connection timed out"
        case .connectionFailed: "connection failed"
        case .nameNotResolved: "host name not found"
        case .certificateRefused: "certificate not trusted"
        case .proxyUnreachable: "the proxy cannot be reached"
        case .proxyRefused: "the proxy refuses to connect to it"
        case .proxyAuthenticationRequired: "the proxy asks for a user name and a password (407)"
        case .tooManyOpenFiles: "the limit of open files is reached"
        }
    }

    /// Where to fix the failure.
    private static func advice(_ failure: TransportFailure, _ setting: SettingName) -> String {
        switch failure {
        case .unsent(.proxyAuthenticationRequired):
            """
            set network.proxy with a user name, and \(SettingName.networkProxyPassword.environmentName) or the \
            credential network-proxyPassword
            """
        case .unsent(.proxyUnreachable), .unsent(.proxyRefused):
            "check the proxy, or \(SettingName.networkProxy.rawValue) and \(SettingName.networkNoProxy.rawValue)"
        case .unsent(.certificateRefused):
            """
            check \(setting.rawValue), or set \(SettingName.networkCAFile.rawValue) if your own certificate \
            authority signed it
            """
        case .unsent(.tooManyOpenFiles): OpenFiles.advice
        default: "check the network and \(setting.rawValue)"
        }
    }
}
