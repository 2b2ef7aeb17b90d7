internal import Foundation
internal import Providers
internal import Storage
internal import Yams

/// The YAML file with settings: where it is, and whether all of its settings are known.
package enum SettingsFile {
    /// The file that `--config` or the environment names, else the first of the usual ones that is
    /// there.
    package static func path(flag: String?, environment: [String: String]) throws -> String? {
        if let named = flag ?? environment[SettingName.configEnvironmentName] {
            let named = try HomePath.expand(named, environment)
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: named, isDirectory: &isFolder)
            guard isThere, !isFolder.boolValue, FileManager.default.isReadableFile(atPath: named)
            else {
                throw SettingsError(
                    problem: "The settings file \(TerminalText.safe(named)) cannot be read.",
                    advice: "check its path and permissions, or leave --config out.")
            }
            return named
        }
        let personal =
            environment.folder("XDG_CONFIG_HOME")
            ?? HomePath.folder(environment).map { $0 + "/.config" }
        let usual = [personal, "/etc"].compactMap(\.self).map { $0 + "/asinqd/asinqd.yaml" }
        guard let first = usual.first(where: FileManager.default.fileExists) else { return nil }
        // If it were skipped without a message, this user would get another database than the others.
        guard FileManager.default.isReadableFile(atPath: first) else {
            throw SettingsError(
                problem:
                    "The settings file \(TerminalText.safe(first)) cannot be read by this user.",
                advice: """
                    join its group and log in again, or use --config with a file of your own, such as \
                    /dev/null.
                    """)
        }
        return first
    }

    /// The parts of a file that are read before its settings.
    package struct Content {
        /// Whether it holds no settings: all may be commented out.
        package var isEmpty = true
        package var accounts: [ListedAccount] = []
        package var tokens: [AccessToken] = []
    }

    /// Refuses misspelt settings, which would go unnoticed otherwise because nothing reads them.
    /// - Throws: `SettingsError`
    package static func content(_ path: String) throws -> Content {
        let tree: Any?
        do {
            tree = try Yams.load(yaml: text(of: path))
        } catch {
            if OpenFiles.areNearlyUsedUp {
                throw SettingsError(
                    problem:
                        "\(TerminalText.safe(path)) cannot be read: \(OpenFiles.reason(EMFILE)).",
                    advice: OpenFiles.advice)
            }
            throw SettingsError(
                problem: "\(TerminalText.safe(path)) is not YAML\(position(of: error)).",
                advice: example)
        }
        if tree == nil || tree is NSNull { return Content() }
        guard let settings = tree as? [String: Any] else {
            throw SettingsError(
                problem:
                    "\(TerminalText.safe(path)) contains no settings: it must be a YAML mapping.",
                advice: example)
        }
        try refuseUnknownNames(in: settings, prefix: "", path: path)
        return Content(
            isEmpty: false,
            accounts: try settings[SettingName.accounts.rawValue].map {
                try ListedAccount.list($0, in: path)
            } ?? [],
            tokens: try (settings["serve"] as? [String: Any])?["tokens"].map {
                try AccessToken.list($0, in: path)
            } ?? [])
    }

    /// Also of what is no regular file, such as /dev/null.
    private static func text(of path: String) throws -> String {
        let bytes = try FileHandle(forReadingFrom: URL(fileURLWithPath: path)).readToEnd() ?? Data()
        guard let text = String(data: bytes, encoding: .utf8) else {
            throw CocoaError(.fileReadInapplicableStringEncoding)
        }
        return text
    }

    private static let example = "write \"log:\" on one line and \"  level: info\" on the next."

    /// Whether a file that was read before contains a key.
    package static func holdsKey(_ path: String) -> Bool {
        let tree = try? Yams.load(yaml: text(of: path))
        func value(_ setting: SettingName) -> Any? {
            setting.rawValue.split(separator: ".").reduce(tree) { node, name in
                (node as? [String: Any])?[String(name)]
            }
        }
        let accounts = value(.accounts) as? [[String: Any]] ?? []
        let keys = Catalog.current.providers.compactMap(\.keySetting?.name)
        // A proxy's address may have a password in it.
        return SettingName.secrets.contains { value($0) != nil }
            || accounts.contains { account in keys.contains { account[$0] != nil } }
            || (value(.serveTokens) as? [[String: Any]] ?? []).contains { $0["token"] != nil }
            || (value(.networkProxy) as? String)?.contains("@") == true
            || (value(.database) as? String).map(Store.hasPassword(path:)) == true
    }

    /// The position of the mistake. The parser's own message quotes the file, which may contain the key.
    private static func position(of error: any Error) -> String {
        switch error {
        case YamlError.scanner(_, _, let mark, _), YamlError.parser(_, _, let mark, _),
            YamlError.composer(_, _, let mark, _):
            ": line \(mark.line), column \(mark.column)"
        case is YamlError: ""
        default: ": it is not text in UTF-8"
        }
    }

    private static func refuseUnknownNames(
        in settings: [String: Any], prefix: String, path: String
    ) throws {
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
            let full = prefix + name
            if SettingName.allCases.contains(where: { $0.rawValue == full }) { continue }
            let isGroup = SettingName.allCases.contains { $0.rawValue.hasPrefix(full + ".") }
            // A group whose settings are all commented out.
            if isGroup && value is NSNull { continue }
            if isGroup, let inner = value as? [String: Any] {
                try refuseUnknownNames(in: inner, prefix: full + ".", path: path)
            } else {
                throw SettingsError.unknown(
                    full, in: path, nearest: SettingName.nearest(to: full) { $0.rawValue })
            }
        }
    }
}

extension [String: String] {
    /// A folder that the environment names; one that is empty counts as not set (XDG Base Directory
    /// Specification).
    package func folder(_ name: String) -> String? {
        self[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
