internal import Foundation
internal import Providers

extension SettingsReader {
    /// A setting goes before the variable of the same meaning, and one that is set and empty asks for
    /// none, as with curl's flags.
    /// Source: curl's manual page, section Environment; the lower-case name goes first, and `http_proxy` is for
    /// addresses with http://, which none but loopback may have here.
    func network(_ environment: [String: String]) async throws -> NetworkSettings {
        func variable(_ names: String...) -> NetworkSettings.Sourced? {
            names.lazy.compactMap { name in
                environment.folder(name).map { .init(text: $0, source: name) }
            }.first
        }
        func setting(
            _ name: SettingName, else variable: NetworkSettings.Sourced?
        ) async throws -> NetworkSettings.Sourced? {
            guard let text = try await string(name, isSecret: true) else { return variable }
            return text.isEmpty ? nil : .init(text: text, source: name.rawValue)
        }
        let caFile = try await setting(.networkCAFile, else: nil)
        let settings = NetworkSettings(
            proxy: try await setting(
                .networkProxy,
                else: variable("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")),
            proxyPassword: try await password(),
            exceptions: try await setting(
                .networkNoProxy, else: variable("no_proxy", "NO_PROXY")),
            authoritiesFile: caFile ?? variable("SSL_CERT_FILE"),
            authoritiesFolders: caFile == nil ? folders(variable("SSL_CERT_DIR")) : [])
        // A variable may be meant for other programs, so it is checked only when it is used.
        if let proxy = settings.proxy, proxy.source == SettingName.networkProxy.rawValue {
            _ = try settings.parsed(proxy)
        }
        return settings
    }

    private func folders(_ list: NetworkSettings.Sourced?) -> [NetworkSettings.Sourced] {
        guard let list else { return [] }
        return list.text.split(separator: ":").map {
            .init(text: String($0), source: list.source)
        }
    }

    /// Any text, without the line's end that a file has.
    private func password() async throws -> APIKey? {
        let name = SettingName.networkProxyPassword
        let text = try await string(name, isSecret: true)
        guard let text = text?.trimmingCharacters(in: .newlines), !text.isEmpty else { return nil }
        guard text.utf8.count <= 1_000, !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else {
            throw SettingsError.unusable(
                name, "one line of at most 1000 bytes without control characters", got: nil)
        }
        return APIKey(text)
    }
}
