import Configuration
import Foundation
import Logging
import Planning
import Providers
import Scheduling
import Storage
import SystemPackage

/// What the flags, the environment, systemd's credentials and the YAML file say, in that order of
/// precedence, checked.
struct Settings {
    var databasePath: String
    /// Whether the path is the default one, whose folder is made when it is missing.
    var isDatabaseDefault: Bool
    var logLevel: Logger.Level
    var retention: Retention
    var network: NetworkSettings
    var asinscopeURL: String
    var asinscopeAPIKey: APIKey?
    var asinscope: ASINScopeLimits
    var upcitemdbURL: String
    var upcitemdbUserKey: APIKey?
    var upcitemdb: UPCitemdbLimits
    /// nil where nobody chose one: then it is the free one.
    var upcitemdbPlan: UPCitemdbPlan?
    /// The YAML file that was read, if any.
    var file: String?

    /// All of them, whether there is a key or not.
    var providers: [Provider] {
        [
            .asinscope(asinscope, baseURL: asinscopeURL),
            .upcitemdb(upcitemdb, baseURL: upcitemdbURL),
        ]
    }

    /// As the database knows them.
    var storedAccounts: [StoredAccount] {
        providers.map { StoredAccount(name: $0.name, provider: $0.name) }
    }

    /// - Throws: `SettingsError`
    static func load(
        databaseFlag: String?, configFlag: String?,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws -> Settings {
        try refuseUnknownNames(in: environment)
        let file = try SettingsFile.path(flag: configFlag, environment: environment)
        let isEmpty = try file.map { try !SettingsFile.refuseUnknownNames(in: $0) } ?? true
        let read = SettingsReader(
            reader: ConfigReader(
                providers: try await sources(databaseFlag, environment, isEmpty ? nil : file)))
        let database = try await read.path(.database, environment)
        let plan = try await read.plan()
        return Settings(
            databasePath: try database ?? defaultDatabase(environment),
            isDatabaseDefault: database == nil,
            logLevel: try await read.logLevel(),
            retention: try await read.retention(),
            network: try await read.network(environment),
            asinscopeURL: try await read.url(.asinscopeURL) ?? ASINScope.baseURL,
            asinscopeAPIKey: try await read.key(.asinscopeAPIKey),
            asinscope: try await read.asinscopeLimits(),
            upcitemdbURL: try await read.url(.upcitemdbURL)
                ?? (plan ?? .free).baseURL,
            upcitemdbUserKey: try await read.key(.upcitemdbUserKey),
            upcitemdb: try await read.upcitemdbLimits(plan ?? .free),
            upcitemdbPlan: plan, file: file)
    }

    private static func sources(
        _ databaseFlag: String?, _ environment: [String: String], _ file: String?
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
                    Set((SettingName.secrets + [.networkProxy]).map(\.environmentName)))
            ).prefixKeys(with: "asinqd"))
        if let folder = environment["CREDENTIALS_DIRECTORY"] {
            providers.append(
                try await DirectoryFilesProvider(
                    directoryPath: FilePath(folder), allowMissing: true))
        }
        if let file {
            providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(file)))
        }
        return providers
    }

    private static func refuseUnknownNames(in environment: [String: String]) throws {
        let known = Set(
            SettingName.allCases.map(\.environmentName) + [SettingName.configEnvironmentName])
        for name in environment.keys.sorted()
        where name.hasPrefix(SettingName.environmentPrefix) && !known.contains(name) {
            throw SettingsError.unknown(
                name, in: "in the environment",
                nearest: SettingName.nearest(to: name) { $0.environmentName })
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
                advice: "--database PATH, or \(SettingName.database.environmentName)=PATH.")
        }
        return data + "/asinqd/asinqd.sqlite"
    }
}
