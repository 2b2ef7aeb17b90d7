/// Paths in a user's home folder. A shell replaces an unquoted `~`; in quotes, in the environment and
/// in a settings file it reaches the program, which replaces it by `$HOME`.
///
/// Foundation would take the home folder from the list of users, which is not where the default
/// database lies when HOME names another folder.
package enum HomePath {
    /// The folder that HOME names; nil where it is not set, empty or relative: what depends on the
    /// current folder is another place for each caller.
    package static func folder(_ environment: [String: String]) -> String? {
        environment.folder("HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    }

    /// - Throws: `SettingsError` where HOME is not set, or the path names another user's home.
    package static func expand(_ path: String, _ environment: [String: String]) throws -> String {
        guard path.hasPrefix("~") else { return path }
        let name = path.prefix { $0 != "/" }
        guard name == "~" else {
            throw SettingsError(
                problem:
                    "The path \(TerminalText.safe(path)) cannot be resolved: asinqd replaces ~ by HOME, but not \(TerminalText.safe(String(name))).",
                advice: "use the full path, or ./\(TerminalText.safe(path)) for a name with a ~.")
        }
        guard let home = folder(environment) else {
            throw SettingsError(
                problem:
                    "The path \(TerminalText.safe(path)) cannot be resolved: HOME is not set to a folder.",
                advice: "use the full path.")
        }
        return home + path.dropFirst()
    }
}
