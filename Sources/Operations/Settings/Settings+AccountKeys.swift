package import Providers

extension Settings {
    /// The accounts that the daemon uses: those with a key, and those that need none.
    ///
    /// An account that was not chosen and has no key is left out, but only if another one was chosen.
    /// Otherwise a forgotten key would leave its jobs waiting without a message.
    ///
    /// - Throws: `SettingsError` where a key is missing.
    package func accountsWithKeys() throws -> [Account] {
        if !accounts.contains(where: \.isChosen),
            let missing = accounts.first(where: { $0.usableKey == nil })
        {
            throw Self.missing(missing)
        }
        return try accounts.compactMap { account in
            if let key = account.usableKey {
                return Account(provider: account.account, key: key)
            }
            if account.isChosen { throw Self.missing(account) }
            return nil
        }
    }

    /// Whether the daemon works without this account, where these settings are its own; false also where it
    /// would not start.
    package func isLeftOut(_ account: AccountSettings) -> Bool {
        account.usableKey == nil && accounts.contains(where: \.isChosen)
    }

    /// - Throws: `SettingsError` for two accounts that share one limit: each would spend the other's.
    package static func refuseSharedLimits(_ accounts: [AccountSettings]) throws {
        var seen: [String: AccountSettings] = [:]
        for account in accounts {
            guard case .none(let reason?) = account.account.keyNeed else { continue }
            if let other = seen.updateValue(account, forKey: reason) {
                throw SettingsError(
                    problem:
                        "The accounts \(other.name) and \(account.name) share one limit: \(reason).",
                    advice: "remove one of them, or choose a plan that has a key.")
            }
        }
    }

    private static func missing(_ account: AccountSettings) -> SettingsError {
        let definition = account.account.definition
        let setting = account.keyName?.rawValue ?? ""
        var ways = [
            "export \(account.keyVariable ?? "")=… with the key",
            "set \(setting) in the settings file (\(definition.keySetting?.summary ?? ""))",
        ]
        // Without a key, another provider or a plan that needs none is an alternative.
        ways += Catalog.current.providers.compactMap { provider in
            guard provider.keyNeed(provider.figures()) != .required,
                let choice = provider.settings.first(where: \.isChoice)
            else { return nil }
            return provider.name == definition.name
                ? "use \(choice.name) \(provider.figures().choice(choice)), which needs none"
                : "set \(provider.name).\(choice.name) to use \(provider.title) only"
        }
        return SettingsError(
            problem: "There is no API key for \(account.title).",
            advice: ways.joined(separator: "; ") + "; or run asinqd demo, which needs no key.")
    }
}
