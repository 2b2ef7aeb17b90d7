import Planning
import Providers
import Scheduling

/// The endpoints that no daemon works, because there is no account with their provider.
struct Accounts {
    private let without: Set<String>

    /// A daemon that runs was perhaps given its keys elsewhere, so it is asked first.
    init(_ settings: Settings) {
        let worked = DaemonLock.endpoints(database: settings.databasePath)
        let providers = settings.providers.filter { provider in
            guard let worked else { return settings.missingKey(provider) != nil }
            return worked.isDisjoint(with: provider.endpoints.map(\.name))
        }
        without = Set(providers.flatMap(\.endpoints).map(\.name))
    }

    func exists(for endpoint: String) -> Bool { !without.contains(endpoint) }

    /// "no account for this endpoint: set asinscope.apiKey (ASINQD_ASINSCOPE_API_KEY)"
    static func missing(for endpoint: String, called name: String = "this endpoint") -> String {
        let setting = setting(for: endpoint)
        return "no account for \(name): set \(setting.rawValue) (\(setting.environmentName))"
    }

    private static func setting(for endpoint: String) -> SettingName {
        [ASINScope.images, ASINScope.barcodes].contains(endpoint)
            ? .asinscopeAPIKey : .upcitemdbUserKey
    }
}

extension Backlog {
    /// Takes lanes out of the forecast that make no call whatever waits there.
    mutating func stand(_ reason: Standstill, where isStanding: (String) -> Bool) {
        for index in lanes.indices where isStanding(lanes[index].endpoint.name) {
            lanes[index].standstill = reason
        }
    }
}
