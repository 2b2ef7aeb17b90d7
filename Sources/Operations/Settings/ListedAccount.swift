internal import Foundation
package import Providers

/// An entry of `accounts` in the settings file: an account in addition to the first one of its provider.
package struct ListedAccount {
    package let name: String
    package let provider: ProviderDefinition
    package let isShared: Bool

    private static let ownFields = ["name", "provider", "shared"]
    private static var nameForm: Regex<Substring> { /[a-z][a-z0-9_-]{0,63}/ }

    /// Checks the names in the list. What the settings of an entry hold is checked when they are read.
    ///
    /// - Parameters:
    ///   - value: As the file has it.
    ///   - path: The file, for messages.
    /// - Throws: `SettingsError`
    package static func list(_ value: Any, in path: String) throws -> [ListedAccount] {
        if value is NSNull { return [] }
        guard let entries = value as? [Any] else {
            throw refusal("accounts", "must be a list", path, advice: example)
        }
        var accounts: [ListedAccount] = []
        for (index, entry) in entries.enumerated() {
            let place = "accounts, entry \(index + 1),"
            guard let fields = entry as? [String: Any] else {
                throw refusal(
                    place, "must be a mapping with a name and a provider", path, advice: example)
            }
            let account = try ListedAccount(fields, place, path)
            if accounts.contains(where: { $0.name == account.name }) {
                throw refusal(
                    place, "repeats the name of an earlier entry, \(account.name)", path,
                    advice: "choose another name.")
            }
            accounts.append(account)
        }
        return accounts
    }

    private init(_ fields: [String: Any], _ place: String, _ path: String) throws {
        let providers = Catalog.current.providers
        guard let name = fields["name"] as? String, name.wholeMatch(of: Self.nameForm) != nil else {
            throw Self.refusal(
                place,
                "must have a name of 1 to 64 characters, a-z, 0-9, _ and -, that begins with a letter",
                path, advice: Self.example)
        }
        if providers.contains(where: { $0.name == name }) {
            throw Self.refusal(
                place, "has the name \(name), which belongs to the account of the block \(name)",
                path,
                advice: "choose another name.")
        }
        let names = providers.map(\.name)
        let word = fields["provider"].map { "\($0)" } ?? ""
        guard let provider = Catalog.current.provider(named: word) else {
            throw Self.refusal(
                place, "must have a provider, one of \(names.joined(separator: ", "))", path,
                advice: Spelling.nearest(to: word, among: names).map { "write provider: \($0)." }
                    ?? Self.example)
        }
        guard let isShared = (fields["shared"] ?? true) as? Bool else {
            throw SettingsError.unusable(
                SettingName(account: name, "shared"), "true or false", got: nil)
        }
        self.name = name
        self.provider = provider
        self.isShared = isShared
        let known = Self.ownFields + provider.settings.map(\.name)
        for field in fields.keys.sorted() where !known.contains(field) {
            throw SettingsError.unknown(
                SettingName(account: name, field).rawValue, in: path,
                nearest: Spelling.nearest(to: field, among: known).map {
                    SettingName(account: name, $0).rawValue
                }, of: known)
        }
    }

    private static func refusal(
        _ place: String, _ problem: String, _ path: String, advice: String
    ) -> SettingsError {
        SettingsError(
            problem: "\(place) \(problem) (\(TerminalText.safe(path))).", advice: advice)
    }

    private static var example: String {
        "write \"accounts:\" on one line and \"  - {name: second, provider: \(Catalog.current.providers[0].name)}\" on the next."
    }
}
