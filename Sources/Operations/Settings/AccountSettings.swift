package import Planning
package import Providers
package import Storage

/// An account in the settings: its limits, its address and its key.
package struct AccountSettings: Sendable {
    package let account: ProviderAccount
    /// nil where none is set.
    package let key: APIKey?
    /// Whether the user chose it: it is listed, it has its key, or its plan is set.
    package let isChosen: Bool

    package var name: String { account.name }
    package var endpoints: [Endpoint] { account.endpoints }

    /// Its row in the database.
    package var stored: StoredAccount {
        StoredAccount(
            name: name, provider: account.definition.name, isShared: account.isShared)
    }

    var withoutKey: AccountSettings {
        AccountSettings(
            account: account, key: key.map { _ in APIKey("") }, isChosen: isChosen)
    }

    /// The key of its calls; nil if a required key is missing. A key that is not needed yet is not sent.
    package var usableKey: APIKey? { account.keyNeed == .required ? key : APIKey("") }

    /// Its title for people, with its plan or its name.
    package var title: String {
        let title = account.definition.title
        if !account.isFirst { return "\(title)'s account \(name)" }
        let choices = account.definition.figureSettings.compactMap { setting in
            if case .choice = setting.kind {
                return "\(setting.name) \(account.figures.choice(setting))"
            }
            return nil
        }
        return choices.isEmpty ? title : "\(title)'s \(choices.joined(separator: ", "))"
    }

    /// The setting of its key; nil if its provider has no keys.
    package var keyName: SettingName? {
        account.definition.keySetting.map { SettingName(account, $0) }
    }

    /// The variable that can hold its key.
    package var keyVariable: String? {
        account.isFirst ? keyName?.environmentName : SettingName(keyOf: name).environmentName
    }

    package var urlName: SettingName { SettingName(account, account.definition.urlSetting) }
}

extension AccountSettings {
    /// Where keys come from, for the daemon's help.
    package static var help: String {
        let keys = Catalog.current.providers.compactMap { provider in
            provider.keySetting.map { setting in
                let name = SettingName(provider, setting)
                let credential = name.rawValue.replacing(".", with: "-")
                return
                    "  \(provider.title): \(name.environmentName), \(name.rawValue), \(credential)"
            }
        }
        return """
            A provider's key comes from the environment, the settings file or systemd:
            \(keys.joined(separator: "\n"))
            \(plans.joined(separator: "\n"))
            If one account has a key or a chosen plan, accounts without a key are skipped:
            their jobs wait. `accounts` in the settings file lists more accounts.
            """
    }

    /// Which choices of a provider need a key.
    private static var plans: [String] {
        Catalog.current.providers.flatMap { provider in
            provider.settings.compactMap { setting in
                guard case .choice(let choices) = setting.kind else { return nil }
                let name = SettingName(provider, setting).rawValue
                let keyless = choices.filter {
                    provider.keyNeed(provider.figures([setting.name: .text($0)])) != .required
                }
                let others = choices.filter { !keyless.contains($0) }
                return
                    "\(name) \(keyless.joined(separator: ", ")) needs no key; \(others.joined(separator: " and ")) do."
            }
        }
    }
}
