internal import Storage

/// What names a database: a file's path, or the URL of a PostgreSQL server.
package enum DatabaseAddress {
    /// A path with its `~` expanded, or the URL as it is.
    ///
    /// - Throws: `SettingsError`, which does not quote what is nearly a URL and may have a password.
    package static func expand(
        _ text: String, _ environment: [String: String]
    ) throws -> String {
        if Store.isOnServer(path: text) { return text }
        guard text.prefixMatch(of: #/(?i:[a-z][a-z0-9+.\-]*:\/\/|postgres(?:ql)?:)/#) == nil,
            text.firstMatch(of: #/(?i:password\s*=)/#) == nil
        else {
            throw SettingsError(
                problem:
                    "The database is neither the path of a file nor a URL that begins with postgresql://.",
                advice: "write postgresql://USER@HOST/DATABASE, or put ./ before a file's name.")
        }
        return try HomePath.expand(text, environment)
    }
}
