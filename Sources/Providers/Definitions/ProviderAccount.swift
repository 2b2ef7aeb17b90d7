package import Planning

/// One account with a provider, without its key: its limits, how to make requests, and what replies mean.
package struct ProviderAccount: Sendable {
    package let definition: ProviderDefinition
    /// A provider's first account has the provider's name.
    package let name: String
    /// Whether it takes jobs that name no account.
    package let isShared: Bool
    package let figures: LimitFigures
    package let baseURL: String
    package let endpoints: [Endpoint]

    init(
        definition: ProviderDefinition, name: String, isShared: Bool, figures: LimitFigures,
        baseURL: String
    ) {
        self.definition = definition
        self.name = name
        self.isShared = isShared
        self.figures = figures
        self.baseURL = baseURL
        endpoints = definition.endpoints(figures, account: name, isShared: isShared)
    }

    /// Whether it is the one that the provider's own block of settings describes.
    package var isFirst: Bool { name == definition.name }

    package var keyNeed: ProviderDefinition.KeyNeed { definition.keyNeed(figures) }

    /// A setting of the account as it is spelled in messages: `NAME.url` of a first account,
    /// `accounts.NAME.url` of another.
    package func path(of setting: SettingDefinition) -> String {
        (isFirst ? "" : "accounts.") + "\(name).\(setting.name)"
    }

    /// The request of an endpoint for the products of jobs, with a key, which is empty if none is sent.
    package func request(_ endpoint: String, _ jobs: [Job], _ key: String) -> ProviderRequest {
        definition.request(endpoint, jobs, key, baseURL)
    }

    /// What a reply means, given the products of the request.
    package func outcome(
        _ reply: ProviderReply, _ endpoint: String, _ asked: [String], _ key: String
    ) -> DatedOutcome {
        DatedOutcome(
            definition.outcome(reply, endpoint, asked, key, address), serverAt: reply.serverAt,
            sentAt: reply.sentAt)
    }

    package var address: ProviderAddress {
        ProviderAddress(baseURL: baseURL, setting: path(of: definition.urlSetting))
    }
}

extension [ProviderAccount] {
    /// The account that jobs of schedules without an account name; nil unless several accounts take such jobs,
    /// so that another one could pay for them.
    package func payer(of account: ProviderAccount) -> String? {
        let sharing = count { $0.isShared && $0.definition.name == account.definition.name }
        return sharing > 1 ? account.name : nil
    }
}

/// The base URL of an account's calls, and the setting that contains it.
package struct ProviderAddress: Equatable, Sendable {
    /// With or without a slash at its end.
    package var baseURL: String
    /// As it is spelled in the settings, for a message about a wrong address.
    package var setting: String

    package init(baseURL: String, setting: String) {
        self.baseURL = baseURL
        self.setting = setting
    }
}
