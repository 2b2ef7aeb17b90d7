/// Markup. Text that is interpolated into a literal is escaped; markup is not.
struct HTML: Sendable, ExpressibleByStringInterpolation {
    private(set) var text: String

    init(stringLiteral value: String) { text = value }

    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// Escaped text.
    init(_ text: String) {
        self.text = Self.escaped(text)
    }

    init(_ parts: [HTML], separator: HTML = "") {
        text = parts.map(\.text).joined(separator: separator.text)
    }

    var isEmpty: Bool { text.isEmpty }

    static func + (left: HTML, right: HTML) -> HTML {
        var sum = left
        sum.text += right.text
        return sum
    }

    static func += (left: inout HTML, right: HTML) { left.text += right.text }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ markup: HTML) { text += markup.text }
        /// A literal is markup, also where a condition chooses between two of them.
        @_disfavoredOverload
        mutating func appendInterpolation(_ value: String) { text += HTML.escaped(value) }
        mutating func appendInterpolation(_ value: Int) { text += String(value) }
        mutating func appendInterpolation(_ value: Int64) { text += String(value) }
        /// Nothing where there is none.
        mutating func appendInterpolation(_ markup: HTML?) { text += markup?.text ?? "" }
    }

    /// Control characters, which HTML does not have, become U+FFFD. A form ends its lines by CR LF, which HTML
    /// reads as LF.
    fileprivate static func escaped(_ text: String) -> String {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count)
        for character in text.replacing("\r\n", with: "\n").unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\t", "\n": escaped.unicodeScalars.append(character)
            case "\0"..<" ", "\u{7F}"..<"\u{A0}": escaped += "\u{FFFD}"
            // Directional overrides would change the order of what follows them.
            case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
