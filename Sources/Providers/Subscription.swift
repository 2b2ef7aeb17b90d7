/// A provider, and the key that it knows us by.
package struct Subscription: Sendable {
    package let provider: ProviderAccount
    /// Empty for a plan that needs none.
    package let key: APIKey

    package init(provider: ProviderAccount, key: APIKey) {
        self.provider = provider
        self.key = key
    }
}
