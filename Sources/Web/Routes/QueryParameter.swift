internal import Operations
internal import Planning

/// A parameter in the query or the path of a request: its permitted values, and its line in the API's description.
struct QueryParameter: Sendable {
    enum Kind: Sendable {
        /// Text of 1 to `max` characters.
        case text(max: Int)
        case choice([String])
        case integer(ClosedRange<Int>)
        /// ISO 8601.
        case instant
    }

    var name: String
    var kind: Kind
    var summary: String
    var isRequired = false
    /// Whether it is a part of the path.
    var isInPath = false

    func check(_ text: String) throws {
        let wanted: String
        switch kind {
        case .text(let max):
            if (1...max).contains(text.unicodeScalars.count), !text.unicodeScalars.contains("\0") {
                return
            }
            wanted = "text of 1 to \(max) characters"
        case .choice(let choices):
            if choices.contains(text) { return }
            wanted = "one of \(choices.joined(separator: ", "))"
        case .integer(let range):
            if let value = Self.integer(text), range.contains(value) { return }
            wanted = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .instant:
            if (try? ISO8601Instant(text)) != nil { return }
            wanted = "a time like 2026-05-04T03:02:01Z"
        }
        throw Problem.badRequest(
            "\(name) must be \(wanted), not \(TerminalText.excerpt(text, 60)).")
    }

    /// Decimal digits alone, where Swift's own initializer also takes a plus sign.
    static func integer(_ text: String) -> Int? {
        text.hasPrefix("+") ? nil : Int(text)
    }

    var schema: JSONLiteral {
        switch kind {
        case .text(let max):
            ["type": "string", "minLength": 1, "maxLength": .number(max)]
        case .choice(let choices):
            ["type": "string", "enum": .array(choices.map(JSONLiteral.string))]
        case .integer(let range):
            [
                "type": "integer", "minimum": .number(range.lowerBound),
                "maximum": .number(range.upperBound),
            ]
        case .instant: ["type": "string", "format": "date-time"]
        }
    }
}

extension QueryParameter {
    static func text(_ name: String, max: Int, _ summary: String) -> QueryParameter {
        QueryParameter(name: name, kind: .text(max: max), summary: summary)
    }

    static func choice(_ name: String, _ choices: [String], _ summary: String) -> QueryParameter {
        QueryParameter(name: name, kind: .choice(choices), summary: summary)
    }

    static func integer(
        _ name: String, _ range: ClosedRange<Int>, _ summary: String
    ) -> QueryParameter {
        QueryParameter(name: name, kind: .integer(range), summary: summary)
    }

    static func instant(_ name: String, _ summary: String) -> QueryParameter {
        QueryParameter(name: name, kind: .instant, summary: summary)
    }

    var required: QueryParameter {
        var required = self
        required.isRequired = true
        return required
    }

    var inPath: QueryParameter {
        var parameter = self
        parameter.isInPath = true
        parameter.isRequired = true
        return parameter
    }
}
