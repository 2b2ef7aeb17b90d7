/// One setting: its name within its block, its permitted values, and its default.
package struct SettingDefinition: Sendable {
    package enum Kind: Equatable, Sendable {
        case number(ClosedRange<Int>)
        case choice([String])
        /// `true` or `false`.
        case flag
        /// The base address of the API.
        case url
        /// The key.
        case secret
        /// Any other text, such as a path; the program's own settings only.
        case text(example: String)
    }

    /// As in the YAML file, without the block's name: `dailyTokens`.
    package let name: String
    package let kind: Kind
    /// The unit of a number: `tokens`, `seconds`.
    package let unit: String?
    /// Its meaning, in one sentence.
    package let summary: String
    /// Its default, given the choices that were made; nil if it has none.
    package let standard: @Sendable (LimitFigures) -> LimitFigures.Value?

    private init(
        _ name: String, _ kind: Kind, unit: String? = nil, _ summary: String,
        standard: @escaping @Sendable (LimitFigures) -> LimitFigures.Value?
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.summary = summary
        self.standard = standard
    }

    package var isChoice: Bool { if case .choice = kind { true } else { false } }

    /// Whether it decides limits and is therefore one of the `LimitFigures`.
    package var isFigure: Bool {
        switch kind {
        case .number, .choice: true
        case .flag, .url, .secret, .text: false
        }
    }
}

extension SettingDefinition {
    package static func number(
        _ name: String, _ range: ClosedRange<Int>, standard: Int, unit: String, _ summary: String
    ) -> SettingDefinition {
        number(name, range, unit: unit, summary) { _ in standard }
    }

    /// - Parameter standard: nil if there is no such limit by default.
    package static func number(
        _ name: String, _ range: ClosedRange<Int>, unit: String, _ summary: String,
        standard: @escaping @Sendable (LimitFigures) -> Int?
    ) -> SettingDefinition {
        SettingDefinition(name, .number(range), unit: unit, summary) {
            standard($0).map(LimitFigures.Value.number)
        }
    }

    /// Our choice: a tenth covers what people ask for in between, and costs schedules little.
    package static let dailyFloorPercent = number(
        "dailyFloorPercent", 0...100, standard: 10, unit: "percent",
        "The share of each day's tokens that jobs of schedules leave for others; 100: schedules add no job."
    )

    package static func choice(
        _ name: String, _ choices: [String], standard: String, _ summary: String
    ) -> SettingDefinition {
        SettingDefinition(name, .choice(choices), summary) { _ in .text(standard) }
    }

    /// One that is off by default.
    package static func flag(_ name: String, _ summary: String) -> SettingDefinition {
        SettingDefinition(name, .flag, summary) { _ in .text("false") }
    }

    package static func url(
        _ name: String, _ summary: String, standard: @escaping @Sendable (LimitFigures) -> String
    ) -> SettingDefinition {
        SettingDefinition(name, .url, summary) { .text(standard($0)) }
    }

    package static func secret(_ name: String, _ summary: String) -> SettingDefinition {
        SettingDefinition(name, .secret, summary) { _ in nil }
    }

    package static func text(
        _ name: String, example: String, _ summary: String
    ) -> SettingDefinition {
        SettingDefinition(name, .text(example: example), summary) { _ in nil }
    }
}
