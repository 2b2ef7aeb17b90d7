package import Planning
internal import Providers
internal import Storage

/// The endpoints without an account, whose jobs no daemon works.
package struct Accounts {
    private let without: Set<String>

    /// A running daemon may have its keys from elsewhere, so its lanes are read first.
    package init(_ settings: Settings) {
        let worked = DaemonLock.endpoints(database: settings.databasePath)
        var (without, with): (Set<String>, Set<String>) = ([], [])
        for account in settings.accounts {
            let names = Set(account.endpoints.map(\.name))
            let isLeftOut = worked?.isDisjoint(with: names) ?? settings.isLeftOut(account)
            if isLeftOut { without.formUnion(names) } else { with.formUnion(names) }
        }
        self.without = without.subtracting(with)
    }

    package func exists(for endpoint: String) -> Bool { !without.contains(endpoint) }

    /// "no account for this endpoint: set NAME.apiKey (ASINQD_NAME_API_KEY)"
    package static func missing(for endpoint: String, called name: String = "this endpoint")
        -> String
    {
        guard let provider = Catalog.current.provider(ofEndpoint: endpoint),
            let setting = provider.keySetting.map({ SettingName(provider, $0) })
        else { return "no account for \(name)" }
        return "no account for \(name): set \(setting.rawValue) (\(setting.environmentName))"
    }
}

extension Backlog {
    /// Takes lanes out of the forecast that make no call regardless of their jobs.
    package mutating func stand(_ reason: Standstill, where isStanding: (String) -> Bool) {
        for index in lanes.indices where isStanding(lanes[index].endpoint.name) {
            lanes[index].standstill = reason
        }
    }
}
