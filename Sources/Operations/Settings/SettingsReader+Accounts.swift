internal import Foundation
internal import Providers

/// The accounts: the settings of each, with the documented figures as defaults.
extension SettingsReader {
    /// The account of a provider's own block.
    func firstAccount(of provider: ProviderDefinition) async throws -> AccountSettings {
        let name = { SettingName(provider, $0) }
        let figures = try await given(provider, name)
        var key: APIKey?
        if let setting = provider.keySetting { key = try await self.key(name(setting)) }
        return try await account(
            provider, named: provider.name, isShared: true, figures, key: key, name)
    }

    /// An account of the list.
    func listedAccount(_ listed: ListedAccount) async throws -> AccountSettings {
        let provider = listed.provider
        let name = { (setting: SettingDefinition) in
            SettingName(account: listed.name, setting.name)
        }
        let figures = try await given(provider, name)
        var key = try await key(SettingName(keyOf: listed.name))
        if key == nil, let setting = provider.keySetting { key = try await self.key(name(setting)) }
        return try await account(
            provider, named: listed.name, isShared: listed.isShared, figures, key: key, name,
            isListed: true)
    }

    private func account(
        _ provider: ProviderDefinition, named account: String, isShared: Bool,
        _ given: [String: LimitFigures.Value], key: APIKey?,
        _ name: (SettingDefinition) -> SettingName, isListed: Bool = false
    ) async throws -> AccountSettings {
        let figures = provider.figures(given)
        if let objection = provider.objection(figures),
            let setting = provider.setting(named: objection.setting)
        {
            throw SettingsError.unusable(
                name(setting), objection.wanted, got: figures[setting.name].map { "\($0)" })
        }
        let url = try await url(
            name(provider.urlSetting), example: provider.defaultURL(figures))
        let isChoiceMade = given.values.contains { if case .text = $0 { true } else { false } }
        return AccountSettings(
            account: provider.account(
                account, isShared: isShared, figures: figures, baseURL: url),
            key: key,
            isChosen: isListed || isChoiceMade
                || key != nil && provider.keyNeed(figures) == .required)
    }

    /// The figures that are set.
    private func given(
        _ provider: ProviderDefinition, _ name: (SettingDefinition) -> SettingName
    ) async throws -> [String: LimitFigures.Value] {
        var given: [String: LimitFigures.Value] = [:]
        for setting in provider.figureSettings {
            switch setting.kind {
            case .number(let range):
                given[setting.name] = try await int(name(setting), range).map { .number($0) }
            case .choice(let choices):
                given[setting.name] = try await choice(name(setting), choices).map { .text($0) }
            case .flag, .url, .secret, .text: break
            }
        }
        return given
    }

    /// A key is one word, whatever blanks a file has around it.
    private func key(_ name: SettingName) async throws -> APIKey? {
        let text = try await string(name, isSecret: true)
        guard let key = text?.trimmingCharacters(in: .whitespacesAndNewlines), !key.isEmpty else {
            return nil
        }
        guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), key.utf8.count <= 1_000 else {
            throw SettingsError.unusable(
                name, "one word of printable ASCII characters", got: nil)
        }
        return APIKey(key)
    }
}
