internal import Foundation
package import Planning

/// The numbers and choices of one account that decide its limits, by the names of their settings. They
/// include neither a key nor an address, so they may be stored.
package struct LimitFigures: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case number(Int)
        case text(String)
    }

    private var values: [String: Value]

    package init(_ values: [String: Value] = [:]) {
        self.values = values
    }

    package subscript(name: String) -> Value? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// The value of a number: the default if it is missing, as in figures that an earlier version stored; nil
    /// if there is no such limit.
    package func number(_ setting: SettingDefinition) -> Int? {
        guard case .number(let number)? = values[setting.name] ?? setting.standard(self) else {
            return nil
        }
        return number
    }

    /// The value of a number that always has one.
    package subscript(setting: SettingDefinition) -> Int {
        guard let number = number(setting) else {
            preconditionFailure("\(setting.name) has no default")
        }
        return number
    }

    /// A pool with its floor, by the setting `dailyFloorPercent`.
    package func pool(_ allowanceTokens: Int, of endpoint: String? = nil) -> DailyPool {
        DailyPool(
            allowanceTokens: allowanceTokens, endpoint: endpoint,
            floorTokens: allowanceTokens * self[.dailyFloorPercent] / 100)
    }

    /// The value of a choice, or its default.
    package func choice(_ setting: SettingDefinition) -> String {
        guard case .text(let text)? = values[setting.name] ?? setting.standard(self) else {
            return ""
        }
        return text
    }
}

extension LimitFigures {
    /// A JSON object with its names in order, so that equal figures are equal texts.
    package var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(values)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// - Returns: nil for a text that `json` did not write.
    package init?(json: String) {
        guard
            let values = try? JSONDecoder().decode([String: Value].self, from: Data(json.utf8))
        else { return nil }
        self.init(values)
    }
}

extension LimitFigures.Value: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        }
    }
}

extension LimitFigures.Value: CustomStringConvertible {
    package var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .text(let text): text
        }
    }
}

extension LimitFigures.Value: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    package init(integerLiteral value: Int) { self = .number(value) }
    package init(stringLiteral value: String) { self = .text(value) }
}
