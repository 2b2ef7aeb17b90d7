package import Planning

/// Everything that asinqd knows about an API: its endpoints, its settings, how to make requests and what its
/// replies mean.
package struct ProviderDefinition: Sendable {
    /// Whether an account must have a key, and what accounts without one have in common.
    package enum KeyNeed: Equatable, Sendable {
        case required
        /// No key is sent. `sharedLimit` says why a second such account would have no limits of its own; nil
        /// if it would.
        case none(sharedLimit: String? = nil)
    }

    /// A setting that another one rules out.
    package struct Objection: Equatable, Sendable {
        package var setting: String
        /// The value it must have instead, and why.
        package var wanted: String

        package init(setting: String, wanted: String) {
            self.setting = setting
            self.wanted = wanted
        }
    }

    /// The name of its block of settings, and of its first account.
    package let name: String
    /// The provider's name for people.
    package let title: String
    package let endpoints: [EndpointDefinition]
    /// In the order of the manual. Exactly one is an address, and at most one a secret: the key.
    package let settings: [SettingDefinition]
    /// The paths that the provider's pages document for its endpoints.
    package let documentedPaths: [String]
    package let keyNeed: @Sendable (LimitFigures) -> KeyNeed
    /// Settings that are each in range, but contradict each other.
    package let objection: @Sendable (LimitFigures) -> Objection?
    /// The request of an endpoint for the products of jobs, with a key, which is empty if none is sent, below
    /// a base URL with or without a slash at its end.
    package let request:
        @Sendable (_ endpoint: String, _ jobs: [Job], _ key: String, _ baseURL: String) ->
            ProviderRequest
    /// What a reply means, given the products of the request. The key is passed so that echoes of it are
    /// removed.
    package let outcome:
        @Sendable (
            _ reply: ProviderReply, _ endpoint: String, _ asked: [String], _ key: String,
            _ address: ProviderAddress
        ) -> CallOutcome

    package init(
        name: String, title: String, endpoints: [EndpointDefinition],
        settings: [SettingDefinition], documentedPaths: [String],
        keyNeed: @escaping @Sendable (LimitFigures) -> KeyNeed = { _ in .required },
        objection: @escaping @Sendable (LimitFigures) -> Objection? = { _ in nil },
        request:
            @escaping @Sendable (
                _ endpoint: String, _ jobs: [Job], _ key: String, _ baseURL: String
            ) -> ProviderRequest,
        outcome:
            @escaping @Sendable (
                _ reply: ProviderReply, _ endpoint: String, _ asked: [String], _ key: String,
                _ address: ProviderAddress
            ) -> CallOutcome
    ) {
        self.name = name
        self.title = title
        self.endpoints = endpoints
        self.settings = settings
        self.documentedPaths = documentedPaths
        self.keyNeed = keyNeed
        self.objection = objection
        self.request = request
        self.outcome = outcome
    }
}

extension ProviderDefinition {
    package func setting(named name: String) -> SettingDefinition? {
        settings.first { $0.name == name }
    }

    /// The setting of the provider's address.
    package var urlSetting: SettingDefinition { settings.first { $0.kind == .url }! }

    /// The setting that holds the key; nil if the provider has none.
    package var keySetting: SettingDefinition? { settings.first { $0.kind == .secret } }

    /// The settings that decide the limits: those in `LimitFigures`.
    package var figureSettings: [SettingDefinition] { settings.filter(\.isFigure) }

    /// All figures of an account: the given ones, and the defaults for the others.
    package func figures(_ given: [String: LimitFigures.Value] = [:]) -> LimitFigures {
        var figures = LimitFigures(given)
        // A default may depend on a choice.
        for setting in figureSettings {
            figures[setting.name] = given[setting.name] ?? setting.standard(figures)
        }
        return figures
    }

    package func defaultURL(_ figures: LimitFigures) -> String {
        guard case .text(let url)? = urlSetting.standard(figures) else { return "" }
        return url
    }

    /// The endpoints with the limits of an account with these figures.
    package func endpoints(
        _ figures: LimitFigures, account: String, isShared: Bool = true
    ) -> [Endpoint] {
        endpoints.map {
            $0.endpoint(figures, provider: name, account: account, isShared: isShared)
        }
    }

    /// - Parameters:
    ///   - name: nil for the provider's first account.
    ///   - figures: nil for the defaults.
    ///   - baseURL: nil for the documented one.
    package func account(
        _ name: String? = nil, isShared: Bool = true, figures: LimitFigures? = nil,
        baseURL: String? = nil
    ) -> ProviderAccount {
        let figures = figures ?? self.figures()
        return ProviderAccount(
            definition: self, name: name ?? self.name, isShared: isShared, figures: figures,
            baseURL: baseURL ?? defaultURL(figures))
    }
}
