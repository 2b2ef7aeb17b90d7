/// A provider, and the key that identifies us to it.
package struct Account: Sendable {
    package let provider: ProviderAccount
    /// Empty for a plan without a key.
    package let key: APIKey

    package init(provider: ProviderAccount, key: APIKey) {
        self.provider = provider
        self.key = key
    }
}
