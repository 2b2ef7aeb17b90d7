import Configuration
import Foundation
import Logging
import Planning
import Providers
import Scheduling
import SystemPackage

/// What the flags, the environment, systemd's credentials and the YAML file say, in that order of
/// precedence, checked.
struct Settings {
    var databasePath: String
    /// Whether the path is the default one, whose folder is made when it is missing.
    var isDatabaseDefault: Bool
    var logLevel: Logger.Level
    var asinscopeURL: String
    var asinscopeAPIKey: APIKey?
    var asinscope: ASINScopeLimits
    /// The YAML file that was read, if any.
    var file: String?

    var provider: Provider { .asinscope(asinscope, baseURL: asinscopeURL) }

    /// - Throws: `SettingsError`
    static func load(
        databaseFlag: String?, configFlag: String?,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws -> Settings {
        try refuseUnknownNames(in: environment)
        let file = try SettingsFile.path(flag: configFlag, environment: environment)
        if let file { try SettingsFile.refuseUnknownNames(in: file) }
        let read = SettingsReader(
            reader: ConfigReader(providers: try await providers(databaseFlag, environment, file)))

        var limits = ASINScopeLimits()
        limits.dailyTokens =
            try await read.int(.asinscopeDailyTokens, 10...1_000_000_000)
            ?? limits.dailyTokens
        limits.barcodesPerMinute =
            try await read.int(.asinscopeBarcodesPerMinute, 10...1_000_000)
            ?? limits.barcodesPerMinute
        limits.imagesBurst =
            try await read.int(.asinscopeImagesBurst, 1...1_000_000)
            ?? limits.imagesBurst
        limits.imagesPerMinute =
            try await read.int(.asinscopeImagesPerMinute, 1...1_000_000)
            ?? limits.imagesPerMinute
        limits.batchLimit = try await read.int(.asinscopeBatchLimit, 1...100) ?? limits.batchLimit
        limits.linger =
            try await read.int(.asinscopeLingerMilliseconds, 0...3_600_000)
            .map { .milliseconds($0) } ?? limits.linger
        limits.timeout =
            try await read.int(.asinscopeTimeoutSeconds, 1...600)
            .map { .seconds($0) } ?? limits.timeout

        let database = try await read.string(.database)
        let key = try await read.string(.asinscopeAPIKey, isSecret: true)
        return Settings(
            databasePath: database ?? defaultDatabase(environment),
            isDatabaseDefault: database == nil,
            logLevel: try await read.logLevel(),
            asinscopeURL: try await read.url(.asinscopeURL) ?? ASINScope.baseURL,
            asinscopeAPIKey: try checkedKey(key), asinscope: limits, file: file)
    }

    /// The key, or what to do about there being none.
    func requiredKey() throws -> APIKey {
        guard let asinscopeAPIKey else {
            throw SettingsError(
                problem: "There is no API key for ASINScope.",
                advice: """
                    export \(SettingName.asinscopeAPIKey.environmentName)=… with the key from your \
                    ASINScope dashboard, or asinscope.apiKey in the settings file; \
                    `asinqd demo` needs none.
                    """)
        }
        return asinscopeAPIKey
    }

    private static func checkedKey(_ key: String?) throws -> APIKey? {
        guard let key = key?.trimmingCharacters(in: .whitespacesAndNewlines), !key.isEmpty else {
            return nil
        }
        guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), key.utf8.count <= 1_000 else {
            throw SettingsError.unusable(
                .asinscopeAPIKey, "one word of printable ASCII characters", got: nil)
        }
        return APIKey(key)
    }

    private static func providers(
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
                secretsSpecifier: .specific([SettingName.asinscopeAPIKey.environmentName])
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

    private static func defaultDatabase(_ environment: [String: String]) -> String {
        if let state = environment["STATE_DIRECTORY"] { return state + "/asinqd.sqlite" }
        let home = environment["HOME"] ?? FileManager.default.currentDirectoryPath
        return (environment["XDG_DATA_HOME"] ?? home + "/.local/share") + "/asinqd/asinqd.sqlite"
    }
}
