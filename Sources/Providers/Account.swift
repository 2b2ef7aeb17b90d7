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

/// A key that cannot be printed by accident.
package struct APIKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// For a request's body or the header field that carries the key, and nothing else.
    package let secret: String

    package init(_ secret: String) {
        self.secret = secret
    }

    package var description: String { "[key]" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
