internal import Configuration
internal import Foundation
package import Logging
internal import Planning
internal import Providers
package import Storage
internal import SystemPackage

/// The settings from flags, the environment, systemd's credentials and the YAML file, in that order of
/// precedence, after validation.
package struct Settings: Sendable {
    package var databasePath: String
    /// Whether the path is the default one, whose folder is made when it is missing.
    package var isDatabaseDefault: Bool
    /// Where files are kept that belong to the database: next to it, or next to the default one if it is on a
    /// server; nil: there is no such folder.
    package var stateFolder: String?
    package var logLevel: Logger.Level
    package var logFormat: LogFormat
    package var retention: Retention
    package var network: NetworkSettings
    package var serve: ServeSettings
    /// The first account of each provider, then those that are listed, whether there is a key or not.
    package var accounts: [AccountSettings]
    /// The YAML file that was read, if any.
    package var file: String?

    /// The same without the secrets of providers, for a process that makes no calls. That there is a key stays
    /// known.
    package var withoutKeys: Settings {
        var settings = self
        settings.accounts = accounts.map(\.withoutKey)
        return settings
    }

    /// Their rows in the database.
    package var storedAccounts: [StoredAccount] { accounts.map(\.stored) }

    /// - Throws: `SettingsError`
    package static func load(
        databaseFlag: String?, configFlag: String?,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws -> Settings {
        let file = try SettingsFile.path(flag: configFlag, environment: environment)
        let content = try file.map(SettingsFile.content) ?? SettingsFile.Content()
        let listed = content.accounts
        try refuseUnknownNames(in: environment, accounts: listed)
        let read = SettingsReader(
            reader: ConfigReader(
                providers: try await sources(
                    databaseFlag, environment, content.isEmpty ? nil : file, accounts: listed)))
        let database = try await read.path(.database, environment)
        let path = try database ?? defaultDatabase(environment)
        let local = Store.isOnServer(path: path) ? try? defaultDatabase(environment) : path
        return Settings(
            databasePath: path, isDatabaseDefault: database == nil,
            stateFolder: local.map {
                URL(fileURLWithPath: $0).resolvingSymlinksInPath().deletingLastPathComponent().path
            },
            logLevel: try await read.logLevel(),
            logFormat: try await read.logFormat(),
            retention: try await read.retention(),
            network: try await read.network(environment),
            serve: try await read.serve(environment, tokens: content.tokens),
            accounts: try await accounts(read, listed), file: file)
    }

    /// A provider's first account is left out if it was not chosen and others are listed.
    private static func accounts(
        _ read: SettingsReader, _ listed: [ListedAccount]
    ) async throws -> [AccountSettings] {
        var accounts: [AccountSettings] = []
        for provider in Catalog.current.providers {
            let first = try await read.firstAccount(of: provider)
            if first.isChosen || !listed.contains(where: { $0.provider.name == provider.name }) {
                accounts.append(first)
            }
        }
        for account in listed { accounts.append(try await read.listedAccount(account)) }
        try refuseSharedLimits(accounts)
        return accounts
    }

    private static func sources(
        _ databaseFlag: String?, _ environment: [String: String], _ file: String?,
        accounts: [ListedAccount]
    ) async throws -> [any ConfigProvider] {
        var providers: [any ConfigProvider] = []
        if let databaseFlag {
            providers.append(
                InMemoryProvider(values: ["database": ConfigValue(stringLiteral: databaseFlag)]))
        }
        providers.append(
            EnvironmentVariablesProvider(
                environmentVariables: environment,
                secretsSpecifier: .specific(
                    Set(
                        (SettingName.secrets + [.networkProxy]
                            + accounts.map { SettingName(keyOf: $0.name) })
                            .map(\.environmentName)))
            ).prefixKeys(with: "asinqd"))
        if let folder = environment["CREDENTIALS_DIRECTORY"] {
            providers.append(
                try await DirectoryFilesProvider(
                    directoryPath: FilePath(folder), allowMissing: true))
        }
        if let file {
            providers.append(try await FileProvider<SettingsSnapshot>(filePath: FilePath(file)))
        }
        return providers
    }

    private static func refuseUnknownNames(
        in environment: [String: String], accounts: [ListedAccount]
    ) throws {
        let settings =
            SettingName.allCases.filter(\.isInEnvironment)
            + accounts.map { SettingName(keyOf: $0.name) }
        let known = Set(settings.map(\.environmentName) + [SettingName.configEnvironmentName])
        for name in environment.keys.sorted()
        where name.hasPrefix(SettingName.environmentPrefix) && !known.contains(name) {
            throw SettingsError.unknown(
                name, in: "in the environment",
                nearest: Spelling.nearest(to: name, among: settings.map(\.environmentName)))
        }
    }

    private static func defaultDatabase(_ environment: [String: String]) throws -> String {
        if let state = environment.folder("STATE_DIRECTORY") { return state + "/asinqd.sqlite" }
        let data =
            environment.folder("XDG_DATA_HOME")
            ?? HomePath.folder(environment).map { $0 + "/.local/share" }
        guard let data else {
            throw SettingsError(
                problem: "There is no default database, because HOME is not set to a folder.",
                advice: "use --database PATH, or set \(SettingName.database.environmentName)=PATH.")
        }
        return data + "/asinqd/asinqd.sqlite"
    }
}
