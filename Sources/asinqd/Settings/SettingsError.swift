/// A setting that cannot be used, or one that is missing.
struct SettingsError: Error, CustomStringConvertible {
    var problem: String
    var advice: String

    var description: String { "\(problem)\nTry: \(advice)" }

    static func unknown(_ word: String, in place: String, nearest: String?) -> SettingsError {
        SettingsError(
            problem: "There is no setting \(TerminalText.safe(word)) (\(place)).",
            advice: nearest.map { "\($0)." }
                ?? "one of \(SettingName.allCases.map(\.rawValue).joined(separator: ", ")).")
    }

    static func unusable(_ name: SettingName, _ wanted: String, got: String?) -> SettingsError {
        SettingsError(
            problem: "The setting \(name.rawValue) must be \(wanted)"
                + (got.map { ", not \(TerminalText.safe($0))." } ?? "."),
            advice:
                "--config's file, or \(name.environmentName) in the environment, wherever it is set."
        )
    }
}
