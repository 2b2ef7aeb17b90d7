internal import Configuration
internal import Foundation
internal import Logging
internal import Planning
internal import Providers
internal import Storage

/// Reads settings one by one, and reports what an invalid one should be.
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
        return name == .database
            ? try DatabaseAddress.expand(text, environment) : try HomePath.expand(text, environment)
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

    func flag(_ name: SettingName) async throws -> Bool {
        do {
            return try await reader.fetchBool(forKey: ConfigKey(name.rawValue)) ?? false
        } catch {
            throw SettingsError.unusable(name, "true or false", got: nil)
        }
    }

    /// One of the texts that `setting` allows; nil where it is not set.
    func choice(_ name: SettingName, _ choices: [String]) async throws -> String? {
        guard let text = try await string(name) else { return nil }
        guard let choice = choices.first(where: { $0 == text.lowercased() }) else {
            throw SettingsError.unusable(
                name, "one of \(choices.joined(separator: ", "))", got: text)
        }
        return choice
    }

    func logLevel() async throws -> Logger.Level {
        try await own("log", ProgramSettings.level)
    }

    func logFormat() async throws -> LogFormat {
        try await own("log", ProgramSettings.format)
    }

    /// A choice of the program's own, its default where it is not set.
    private func own<Choice: RawRepresentable<String>>(
        _ block: String, _ setting: SettingDefinition
    ) async throws -> Choice {
        guard case .choice(let choices) = setting.kind,
            case .text(let standard)? = setting.standard(LimitFigures()),
            let choice = Choice(
                rawValue: try await choice(SettingName(block, setting), choices) ?? standard)
        else { preconditionFailure("\(setting.name) has a choice that is none") }
        return choice
    }

    func retention() async throws -> Retention {
        /// nil keeps the rows forever.
        func span(_ setting: SettingDefinition) async throws -> Duration? {
            guard case .number(let range) = setting.kind else { return nil }
            let days = try await int(SettingName("keep", setting), range) ?? LimitFigures()[setting]
            return days == 0 ? nil : .day * days
        }
        return Retention(
            jobs: try await span(ProgramSettings.jobsDays),
            deadLetters: try await span(ProgramSettings.deadLettersDays),
            ledger: try await span(ProgramSettings.ledgerDays),
            rejected: try await span(ProgramSettings.rejectedDays))
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
