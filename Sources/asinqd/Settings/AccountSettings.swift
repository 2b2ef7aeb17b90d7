import Planning
import Providers
import Scheduling
import Storage

/// An account as the settings have it: its limits, where it is, and its key.
struct AccountSettings {
    let account: ProviderAccount
    /// nil where none is set.
    let key: APIKey?
    /// Whether somebody asked for it: it is listed, it has its key, or its plan was chosen.
    let isChosen: Bool

    var name: String { account.name }
    var endpoints: [Endpoint] { account.endpoints }

    /// As the database knows it.
    var stored: StoredAccount {
        StoredAccount(
            name: name, provider: account.definition.name, isShared: account.isShared)
    }

    /// What its calls are made with; nil where a key is missing. A key that is set for later is not sent where
    /// none is needed.
    var usableKey: APIKey? { account.keyNeed == .required ? key : APIKey("") }

    /// What to call it, with its plan or its name, for people.
    var title: String {
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

    /// Where its key is set; nil where its provider has none.
    var keyName: SettingName? {
        account.definition.keySetting.map { SettingName(account, $0) }
    }

    /// The variable that can hold its key.
    var keyVariable: String? {
        account.isFirst ? keyName?.environmentName : SettingName(keyOf: name).environmentName
    }

    var urlName: SettingName { SettingName(account, account.definition.urlSetting) }
}

extension AccountSettings {
    /// Where keys come from, for the daemon's help.
    static var help: String {
        let providers = Catalog.current.providers
        let keys = providers.compactMap { provider in
            provider.keySetting.map { setting in
                let name = SettingName(provider, setting)
                let credential = name.rawValue.replacing(".", with: "-")
                return
                    "  \(provider.title): \(name.environmentName), \(name.rawValue), \(credential)"
            }
        }
        let plans = providers.flatMap { provider in
            provider.settings.filter(\.isChoice).map { setting in
                "\(provider.name).\(setting.name) \(provider.figures().choice(setting))"
            }
        }
        return """
            The key of a provider's account is a variable of the environment, a setting in
            the file, or a systemd credential:
            \(keys.joined(separator: "\n"))
            None is needed with \(plans.joined(separator: ", ")). Where another account was
            asked for, by its key or its plan, one without a key is left out. The setting
            accounts lists further ones, each with limits of its own.
            """
    }
}
