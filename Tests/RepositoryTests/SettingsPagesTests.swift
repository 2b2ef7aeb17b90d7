import Foundation
import Testing

/// The pages that list settings, compared with the definitions. `make settings-pages` writes them.
@Suite("The pages of settings")
struct SettingsPagesTests {
    private static let isWriting = ProcessInfo.processInfo.environment["WRITE_PAGES"] != nil

    /// Compares the part of a page from `start` up to `end`, or writes it.
    private func compare(
        _ path: String, from start: String, to end: String?, with expected: String
    ) throws {
        let text = try Repository.text(path)
        let from = try #require(text.range(of: start)).upperBound
        let to = try end.map {
            try #require(text.range(of: $0, range: from..<text.endIndex)).lowerBound
        }
        let range = from..<(to ?? text.endIndex)
        if Self.isWriting {
            let url = Repository.root.appendingPathComponent(path)
            try text.replacingCharacters(in: range, with: expected)
                .write(to: url, atomically: true, encoding: .utf8)
        } else {
            #expect(String(text[range]) == expected, "\(path). Try: run make settings-pages")
        }
    }

    @Test("docs/settings.md has every setting")
    func page() throws {
        try compare(
            "docs/settings.md", from: "\n## All settings\n", to: nil,
            with: SettingsReference().markdown)
    }

    @Test("packaging/asinqd.yaml has every setting, with its default")
    func example() throws {
        try compare(
            "packaging/asinqd.yaml", from: "if anything.\n\n", to: "\n# Further accounts",
            with: SettingsReference().yaml)
    }

    @Test("asinqd.yaml(5) has every setting")
    func manual() throws {
        try compare(
            "packaging/asinqd.yaml.5", from: ".SH SETTINGS\n", to: ".TP\n.B accounts",
            with: SettingsReference().manual)
    }
}
