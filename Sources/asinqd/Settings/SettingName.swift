import Providers

/// A setting as it is spelt in the YAML file.
struct SettingName: Hashable {
    let rawValue: String

    static let database = SettingName("database")
    static let logLevel = SettingName("log.level")
    static let keepJobsDays = SettingName("keep.jobsDays")
    static let keepDeadLettersDays = SettingName("keep.deadLettersDays")
    static let keepLedgerDays = SettingName("keep.ledgerDays")
    static let networkProxy = SettingName("network.proxy")
    static let networkNoProxy = SettingName("network.noProxy")
    static let networkProxyPassword = SettingName("network.proxyPassword")
    static let networkCAFile = SettingName("network.caFile")
    /// A list, which the file alone can hold.
    static let accounts = SettingName("accounts")

    private init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// One of a provider's block.
    init(_ provider: ProviderDefinition, _ setting: SettingDefinition) {
        self.init("\(provider.name).\(setting.name)")
    }

    /// One of an account's.
    init(_ account: ProviderAccount, _ setting: SettingDefinition) {
        self.init(account.path(of: setting))
    }

    /// One of an account in the list.
    init(account: String, _ setting: String) {
        self.init("\(Self.accounts.rawValue).\(account).\(setting)")
    }

    /// The key of an account in the list, as a credential and in the environment.
    init(keyOf account: String) {
        self.init("account.\(account)")
    }

    /// Every setting there is: the program's own, then each provider's.
    static var allCases: [SettingName] {
        [
            database, logLevel, keepJobsDays, keepDeadLettersDays, keepLedgerDays, networkProxy,
            networkNoProxy, networkProxyPassword, networkCAFile,
        ]
            + Catalog.current.providers.flatMap { provider in
                provider.settings.map { SettingName(provider, $0) }
            } + [accounts]
    }

    /// Those that must not be shown.
    static var secrets: [SettingName] {
        Catalog.current.providers.flatMap { provider in
            provider.settings.filter { $0.kind == .secret }.map { SettingName(provider, $0) }
        } + [networkProxyPassword]
    }

    /// Whether the environment can hold it, not the file alone.
    var isInEnvironment: Bool {
        self != .accounts && !rawValue.hasPrefix(Self.accounts.rawValue + ".")
    }

    /// As it is spelt in the environment: `log.level` is `ASINQD_LOG_LEVEL`.
    var environmentName: String {
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

    static let environmentPrefix = "ASINQD_"
    /// Says where the YAML file is, so it is not a setting in it.
    static let configEnvironmentName = "ASINQD_CONFIG"

    /// The setting whose spelling is nearest to `word`, if any is near.
    static func nearest(to word: String, spelling: (SettingName) -> String) -> String? {
        Spelling.nearest(to: word, among: allCases.map(spelling))
    }
}
