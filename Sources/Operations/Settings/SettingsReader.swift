internal import Configuration
internal import Foundation
internal import Logging
internal import Planning
internal import Providers
internal import Storage

/// Reads settings one by one and says what a wrong one should be.
struct SettingsReader {
    let reader: ConfigReader

    func string(_ name: SettingName, isSecret: Bool = false) async throws -> String? {
        do {
            return try await reader.fetchString(
                forKey: ConfigKey(name.rawValue), isSecret: isSecret)
        } catch {
            throw SettingsError.unusable(name, "a text", got: nil)
        }
    }

    /// A path, in which `~` stands for the home folder.
    func path(_ name: SettingName, _ environment: [String: String]) async throws -> String? {
        guard let text = try await string(name) else { return nil }
        guard !text.isEmpty else {
            throw SettingsError.unusable(name, "the path of a file", got: nil)
        }
        return try HomePath.expand(text, environment)
    }

    func int(_ name: SettingName, _ range: ClosedRange<Int>) async throws -> Int? {
        let wanted = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        let value: Int?
        do {
            value = try await reader.fetchInt(forKey: ConfigKey(name.rawValue))
        } catch {
            throw SettingsError.unusable(name, wanted, got: nil)
        }
        guard let value else { return nil }
        guard range.contains(value) else {
            throw SettingsError.unusable(name, wanted, got: "\(value)")
        }
        return value
    }

    func logLevel() async throws -> Logger.Level {
        guard let text = try await string(.logLevel) else { return .info }
        guard let level = Logger.Level(rawValue: text) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw SettingsError.unusable(.logLevel, "one of \(levels)", got: text)
        }
        return level
    }

    /// 0 keeps it for ever.
    func retention() async throws -> Retention {
        let days = 0...36_500
        func span(_ name: SettingName, _ usual: Int) async throws -> Duration? {
            let count = try await int(name, days) ?? usual
            return count == 0 ? nil : .day * count
        }
        return Retention(
            jobs: try await span(.keepJobsDays, 30),
            deadLetters: try await span(.keepDeadLettersDays, 365),
            ledger: try await span(.keepLedgerDays, 365),
            rejected: try await span(.keepRejectedDays, 30))
    }

    /// A base address, its scheme in small letters. The key goes there, so it must be https; plain http
    /// reaches loopback only.
    func url(_ name: SettingName, example: String) async throws -> String? {
        guard let text = try await string(name) else { return nil }
        guard let url = URLComponents(string: text), let host = url.host, !host.isEmpty,
            url.user == nil, url.password == nil, url.query == nil, url.fragment == nil,
            let scheme = url.scheme?.lowercased(), scheme == "https" || scheme == "http"
        else {
            // A name, a password or a query may be a key.
            let isPlain = !text.contains { "@?#".contains($0) }
            throw SettingsError.unusable(
                name, "an address like \(example)", got: isPlain ? text : nil)
        }
        if scheme == "http" && (!Host(host).isLoopback || host.hasSuffix(".")) {
            throw SettingsError.unusable(
                name,
                "an https:// address (http:// is for loopback only, as the key is sent to it)",
                got: text)
        }
        return scheme + text.dropFirst(scheme.count)
    }
}
