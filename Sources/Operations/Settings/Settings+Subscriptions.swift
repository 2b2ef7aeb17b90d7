package import Providers

extension Settings {
    /// The accounts that the daemon works with: those that there is a key for, or that need none.
    ///
    /// An account that nobody asked for and that has no key is left out, but only where another one was asked
    /// for: else a key that was forgotten would leave its jobs waiting without a word.
    ///
    /// - Throws: `SettingsError` where a key is missing.
    package func subscriptions() throws -> [Subscription] {
        if !accounts.contains(where: \.isChosen),
            let missing = accounts.first(where: { $0.usableKey == nil })
        {
            throw Self.missing(missing)
        }
        return try accounts.compactMap { account in
            if let key = account.usableKey {
                return Subscription(provider: account.account, key: key)
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
                        "The accounts \(other.name) and \(account.name) have one limit: \(reason).",
                    advice: "one of them, or a plan that has a key.")
            }
        }
    }

    private static func missing(_ account: AccountSettings) -> SettingsError {
        let definition = account.account.definition
        let setting = account.keyName?.rawValue ?? ""
        var ways = [
            "export \(account.keyVariable ?? "")=… with the key",
            "\(setting) in the settings file (\(definition.keySetting?.summary ?? ""))",
        ]
        // Whoever has no key may want another provider, or a plan without one.
        ways += Catalog.current.providers.compactMap { provider in
            guard provider.keyNeed(provider.figures()) != .required,
                let choice = provider.settings.first(where: \.isChoice)
            else { return nil }
            return provider.name == definition.name
                ? "\(choice.name): \(provider.figures().choice(choice)) needs none"
                : "\(provider.name).\(choice.name), to work for \(provider.title) alone"
        }
        return SettingsError(
            problem: "There is no API key for \(account.title).",
            advice: ways.joined(separator: "; ") + "; `asinqd demo` needs no key.")
    }
}
