internal import Configuration
internal import Foundation
internal import Providers

/// The settings of the web service.
package struct ServeSettings: Sendable {
    package static let standardPort = 8317

    package var listen: ListenAddress
    /// In addition to loopback and the address that it listens on.
    package var hosts: [String]
    /// Empty, or a path that begins with a slash and ends without one.
    package var prefix: String
    /// The paths of PEM files; both or none.
    package var certificate: String?
    package var privateKey: String?
    package var isBehindProxy: Bool
    package var isReadOnly: Bool
    package var hasOpenMetrics: Bool
    /// A backup, or the folder of several.
    package var backup: String?
    package var tokens: [AccessToken]

    /// - Throws: `SettingsError` for an address that other hosts reach without TLS.
    package func requireSafe() throws {
        if (certificate == nil) != (privateKey == nil) {
            throw SettingsError(
                problem: "serve.certificate and serve.privateKey belong together.",
                advice: "set both, or neither.")
        }
        if listen.isLoopback || isBehindProxy || certificate != nil { return }
        let port = listen.port == 0 ? Self.standardPort : listen.port
        throw SettingsError(
            problem:
                "The web service would send tokens and data unencrypted: \(listen) is reachable from other hosts.",
            advice:
                "set serve.certificate and serve.privateKey, or serve.behindProxy: true if a proxy provides TLS, or listen on 127.0.0.1 and use ssh -L \(port):127.0.0.1:\(port) from the other host."
        )
    }

    /// A path before all others: `/asinqd`.
    package static func isPrefix(_ text: String) -> Bool {
        text.isEmpty || text.wholeMatch(of: /(\/[A-Za-z0-9._~-]+)+/) != nil
    }
}

/// The address and port that the web service listens on.
package struct ListenAddress: Equatable, Sendable, CustomStringConvertible {
    /// A name or an IP address, without brackets.
    package var host: String
    /// 0: any free one.
    package var port: Int

    /// - Parameter text: `127.0.0.1:8317`, `[::1]:0`, `8317` or `:8317`, both on loopback.
    package init?(_ text: String) {
        let digits = text.split(separator: ":", omittingEmptySubsequences: false).last ?? ""
        guard let port = Int(digits), (0...65_535).contains(port), digits.count <= 5,
            digits.allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        self.port = port
        var host = String(text.dropLast(digits.count))
        if host.hasSuffix(":") { host.removeLast() } else if !host.isEmpty { return nil }
        if host.hasPrefix("[") != host.hasSuffix("]") { return nil }
        if host.hasPrefix("[") { host = String(host.dropFirst().dropLast()) }
        guard host.wholeMatch(of: /[A-Za-z0-9._:%-]*/) != nil,
            !host.contains(":") || text.hasPrefix("[")
        else { return nil }
        self.host = host.isEmpty ? "127.0.0.1" : host
    }

    package var isLoopback: Bool { Host(host).isLoopback }

    package var description: String { "\(Host(host).bracketed):\(port)" }
}

extension SettingsReader {
    func serve(
        _ environment: [String: String], tokens: [AccessToken]
    ) async throws -> ServeSettings {
        func name(_ setting: SettingDefinition) -> SettingName { SettingName("serve", setting) }
        let listen = try await string(name(ProgramSettings.listen))
        guard let address = ListenAddress(listen ?? "\(ServeSettings.standardPort)") else {
            throw SettingsError.unusable(
                name(ProgramSettings.listen), "an address and port like 127.0.0.1:8317",
                got: listen)
        }
        let prefix = try await string(name(ProgramSettings.prefix)) ?? ""
        guard ServeSettings.isPrefix(prefix) else {
            throw SettingsError.unusable(
                name(ProgramSettings.prefix), "a path like /asinqd", got: prefix)
        }
        let hosts = try await string(name(ProgramSettings.hosts)) ?? ""
        return ServeSettings(
            listen: address,
            hosts: hosts.split { ", ".contains($0) }.map { Host(String($0)).name },
            prefix: prefix,
            certificate: try await path(name(ProgramSettings.certificate), environment),
            privateKey: try await path(name(ProgramSettings.privateKey), environment),
            isBehindProxy: try await flag(name(ProgramSettings.behindProxy)),
            isReadOnly: try await flag(name(ProgramSettings.readOnly)),
            hasOpenMetrics: try await flag(name(ProgramSettings.openMetrics)),
            backup: try await path(name(ProgramSettings.backup), environment), tokens: tokens)
    }
}
