import Providers

@testable import Operations

/// The pages that list every setting, rendered from the definitions.
struct SettingsReference {
    private struct Block {
        var name: String
        var summary: String
        var settings: [Setting]
    }

    private struct Setting {
        var definition: SettingDefinition
        var name: SettingName
        /// For people: "free: 6; dev: 15; pro: 12", "30"; nil if there is none.
        var standard: String?
        /// The value without a further choice; nil if there is none.
        var value: String?

        var values: String {
            switch definition.kind {
            case .number(let range):
                "\(range.lowerBound) to \(range.upperBound)\(definition.unit.map { " " + $0 } ?? "")"
            case .choice(let choices): choices.joined(separator: ", ")
            case .flag: "true, false"
            case .url: "an https:// address; http:// for loopback"
            case .secret: "secret"
            case .text: "text"
            }
        }

        /// "0 to 36500 days; default: 30".
        var range: String { values + (standard.map { "; default: \($0)" } ?? "") }
    }

    private let blocks: [Block]

    init() {
        let own = ProgramSettings.blocks.map { block in
            Block(
                name: block.name, summary: block.summary,
                settings: block.settings.map { definition in
                    let value = Self.text(definition.standard(LimitFigures()))
                    return Setting(
                        definition: definition, name: SettingName(block.name, definition),
                        standard: value, value: value)
                })
        }
        let providers = Catalog.current.providers.map { provider in
            Block(
                name: provider.name, summary: Self.summary(provider),
                settings: provider.settings.map { definition in
                    Setting(
                        definition: definition, name: SettingName(provider, definition),
                        standard: Self.standard(definition, provider),
                        value: Self.text(definition.standard(provider.figures())))
                })
        }
        blocks = own + providers
    }

    private static func summary(_ provider: ProviderDefinition) -> String {
        let endpoints = provider.endpoints.map(\.name).joined(separator: " and ")
        return
            "\(provider.title), for \(endpoints). Only root can read a key in /etc/credstore."
    }

    private static func text(_ value: LimitFigures.Value?) -> String? {
        switch value {
        case .number(let number)?: "\(number)"
        case .text(let text)?: text
        case nil: nil
        }
    }

    /// The default, for each choice of the provider's if it depends on one.
    private static func standard(
        _ definition: SettingDefinition, _ provider: ProviderDefinition
    ) -> String? {
        for setting in provider.settings {
            guard case .choice(let choices) = setting.kind, !definition.isChoice else { continue }
            let values = choices.map {
                (
                    choice: $0,
                    value: text(definition.standard(provider.figures([setting.name: .text($0)])))
                )
            }
            if Set(values.map(\.value)).count == 1 { continue }
            return values.compactMap { choice, value in value.map { "\($0) (\(choice))" } }
                .joined(separator: ", ")
        }
        return text(definition.standard(provider.figures()))
    }

    /// The section "All settings" of docs/settings.md.
    var markdown: String {
        blocks.map { block in
            let heading = block.name.isEmpty ? "" : "\n### \(block.name)\n\n\(block.summary)\n"
            let rows = block.settings.map { setting in
                "| `\(setting.name.rawValue)` | `\(setting.name.environmentName)` | \(setting.values) "
                    + "| \(setting.standard ?? "none") | \(setting.definition.summary) |\n"
            }
            return heading + "\n| setting | environment | values | default | meaning |\n"
                + "|---|---|---|---|---|\n" + rows.joined()
        }.joined()
    }

    /// packaging/asinqd.yaml, up to the list of accounts.
    var yaml: String {
        blocks.map { block in
            if block.name.isEmpty {
                return block.settings.map { "\($0.name.rawValue): \(Self.example($0))\n" }.joined()
            }
            let lines = block.settings.map { setting in
                let name = setting.definition.name
                let comment = "\(setting.definition.summary)\(Self.listed(setting))"
                guard let value = setting.value ?? Self.sample(setting) else {
                    return "#  # \(name): no limit by default. \(comment)\n"
                }
                return "#  \(name): \(value)  # \(comment)\n"
            }
            return "\n# \(block.summary)\n#\(block.name):\n" + lines.joined()
        }.joined()
    }

    /// The values that a number or a choice may have.
    private static func listed(_ setting: Setting) -> String {
        switch setting.definition.kind {
        case .number, .choice, .flag: " (\(setting.values))"
        case .url, .secret, .text: ""
        }
    }

    private static func example(_ setting: Setting) -> String {
        setting.value ?? sample(setting) ?? ""
    }

    private static func sample(_ setting: Setting) -> String? {
        switch setting.definition.kind {
        case .text(let example): example
        case .secret: "your-\(setting.definition.name == "proxyPassword" ? "password" : "key")"
        default: nil
        }
    }

    /// The section SETTINGS of asinqd.yaml(5).
    var manual: String {
        blocks.flatMap { block in
            block.settings.map { setting in
                let lines = [
                    setting.definition.summary, capitalized(setting.range) + ".",
                ].map { $0.replacing("-", with: "\\-") }
                return ".TP\n.B \(setting.name.rawValue)\n" + lines.joined(separator: "\n") + "\n"
            }
        }.joined()
    }

    private func capitalized(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }
}
