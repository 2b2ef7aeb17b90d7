package import Providers

/// A setting as it is spelt in the YAML file.
package struct SettingName: Hashable {
    package let rawValue: String

    package static let database = SettingName("", ProgramSettings.database)
    package static let networkProxy = SettingName("network", ProgramSettings.proxy)
    package static let networkNoProxy = SettingName("network", ProgramSettings.noProxy)
    package static let networkProxyPassword = SettingName(
        "network", ProgramSettings.proxyPassword)
    package static let networkCAFile = SettingName("network", ProgramSettings.caFile)
    /// A list, which only the file can hold.
    package static let accounts = SettingName("accounts")

    /// A list, which only the file can hold.
    package static let serveTokens = SettingName("serve.tokens")

    private init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// One of a block of the YAML file; an empty name stands for the top level.
    package init(_ block: String, _ setting: SettingDefinition) {
        self.init(block.isEmpty ? setting.name : "\(block).\(setting.name)")
    }

    /// One of a provider's block.
    package init(_ provider: ProviderDefinition, _ setting: SettingDefinition) {
        self.init(provider.name, setting)
    }

    /// One of an account's.
    package init(_ account: ProviderAccount, _ setting: SettingDefinition) {
        self.init(account.path(of: setting))
    }

    /// One of an account in the list.
    package init(account: String, _ setting: String) {
        self.init("\(Self.accounts.rawValue).\(account).\(setting)")
    }

    /// The key of an account in the list, as a credential and in the environment.
    package init(keyOf account: String) {
        self.init("account.\(account)")
    }

    /// Every setting: the program's own, then each provider's.
    package static var allCases: [SettingName] {
        definitions.map(\.name) + [accounts, serveTokens]
    }

    /// The settings that must not be shown.
    package static var secrets: [SettingName] {
        definitions.filter { $0.setting.kind == .secret }.map(\.name)
    }

    private static var definitions: [(name: SettingName, setting: SettingDefinition)] {
        ProgramSettings.blocks.flatMap { block in
            block.settings.map { (SettingName(block.name, $0), $0) }
        }
            + Catalog.current.providers.flatMap { provider in
                provider.settings.map { (SettingName(provider, $0), $0) }
            }
    }

    /// Whether the environment can hold it, not the file alone.
    package var isInEnvironment: Bool {
        self != .accounts && self != .serveTokens
            && !rawValue.hasPrefix(Self.accounts.rawValue + ".")
    }

    /// Its name in the environment: `log.level` is `ASINQD_LOG_LEVEL`.
    package var environmentName: String {
        var name = Self.environmentPrefix
        var wasSmall = false
        for character in rawValue {
            if !character.isLetter && !character.isNumber {
                name += "_"
            } else {
                if character.isUppercase && wasSmall { name += "_" }
                name += character.uppercased()
            }
            wasSmall = character.isLowercase
        }
        return name
    }

    package static let environmentPrefix = "ASINQD_"
    /// Says where the YAML file is, so it is not a setting in it.
    package static let configEnvironmentName = "ASINQD_CONFIG"

    /// The setting whose spelling is nearest to `word`, if any is near.
    package static func nearest(to word: String, spelling: (SettingName) -> String) -> String? {
        Spelling.nearest(to: word, among: allCases.map(spelling))
    }
}
