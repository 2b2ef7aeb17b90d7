import Providers
import Scheduling

extension Settings {
    /// The providers that the daemon works for: those that there is a key for, or whose plan needs none.
    ///
    /// Without a key for ASINScope it works for UPCitemdb alone, where somebody chose that: else a key
    /// that was forgotten would leave its jobs waiting without a word.
    ///
    /// - Throws: `SettingsError` where a key is missing.
    func subscriptions() throws -> [Subscription] {
        if asinscopeAPIKey == nil && upcitemdbPlan == nil {
            throw SettingsError(
                problem: "There is no API key for ASINScope.",
                advice: """
                    export \(SettingName.asinscopeAPIKey.environmentName)=… with the key from your \
                    ASINScope dashboard, or asinscope.apiKey in the settings file; \
                    upcitemdb.plan, to work for UPCitemdb alone; `asinqd demo` needs no key.
                    """)
        }
        let upcitemdbKey = try upcitemdbKey()
        return providers.compactMap { provider in
            let key = provider.name == ASINScope.provider ? asinscopeAPIKey : upcitemdbKey
            return key.map { Subscription(provider: provider, key: $0) }
        }
    }

    /// What is missing for the daemon to work for a provider, where these settings are its own; nil
    /// where nothing is, or where it would not start.
    func missingKey(_ provider: Provider) -> SettingName? {
        if provider.name == ASINScope.provider {
            return asinscopeAPIKey == nil && upcitemdbPlan != nil ? .asinscopeAPIKey : nil
        }
        let isPaid = upcitemdbPlan.map { $0 != .free } ?? false
        return isPaid && upcitemdbUserKey == nil ? .upcitemdbUserKey : nil
    }

    /// The free plan goes by the address: a key that is set for later is not sent to it.
    private func upcitemdbKey() throws -> APIKey {
        guard let upcitemdbPlan, upcitemdbPlan != .free else { return APIKey("") }
        guard let upcitemdbUserKey else {
            throw SettingsError(
                problem: "There is no user key for UPCitemdb's plan \(upcitemdbPlan.rawValue).",
                advice: """
                    export \(SettingName.upcitemdbUserKey.environmentName)=… with the key from your \
                    UPCitemdb account, or upcitemdb.userKey in the settings file; \
                    upcitemdb.plan: free needs none.
                    """)
        }
        return upcitemdbUserKey
    }
}
