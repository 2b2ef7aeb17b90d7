/// A setting that cannot be used, or one that is missing.
package struct SettingsError: Error, CustomStringConvertible {
    package var problem: String
    package var advice: String

    package init(problem: String, advice: String) {
        self.problem = problem
        self.advice = advice
    }

    package var description: String { "\(problem)\nTry: \(advice)" }

    /// - Parameter known: What there is; nil for all settings.
    package static func unknown(
        _ word: String, in place: String, nearest: String?, of known: [String]? = nil
    ) -> SettingsError {
        SettingsError(
            problem: "There is no setting \(TerminalText.safe(word)) (\(place)).",
            advice: nearest.map { "use \($0)." }
                ?? "use one of \((known ?? SettingName.allCases.map(\.rawValue)).joined(separator: ", "))."
        )
    }

    package static func unusable(_ name: SettingName, _ wanted: String, got: String?)
        -> SettingsError
    {
        SettingsError(
            problem: "The setting \(name.rawValue) must be \(wanted)"
                + (got.map { ", not \(TerminalText.safe($0))." } ?? "."),
            advice: name.isInEnvironment
                ? "correct it where it is set: in the file of --config, or as \(name.environmentName) in the environment."
                : "correct it in the settings file."
        )
    }
}
