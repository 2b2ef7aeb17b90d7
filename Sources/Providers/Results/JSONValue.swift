/// A provider's JSON as a value that an encoder can embed. Numbers are those of Swift; the exact text is the
/// stored body.
package indirect enum JSONValue: Equatable, Sendable, Encodable {
    case null
    case flag(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([(name: String, value: JSONValue)])

    /// - Parameter text: JSON that was checked when it was stored. Other text becomes null in places, and
    ///   never traps.
    package init(json text: String) { self.init(JSONSlice(json: text)) }

    private init(_ slice: JSONSlice) {
        if slice.isObject {
            self = .object(slice.members.map { ($0.name.string ?? "", JSONValue($0.value)) })
        } else if let elements = slice.elements {
            self = .list(elements.map { JSONValue($0) })
        } else if slice.bytes.first == UInt8(ascii: "\"") {
            // An escape of half a surrogate pair is valid JSON, and no text.
            self = .text(
                slice.string ?? String(decoding: slice.bytes.dropFirst().dropLast(), as: UTF8.self))
        } else {
            // A stored body may end with a blank.
            let word = String(decoding: slice.bytes, as: UTF8.self).prefix { !$0.isWhitespace }
            switch word {
            case "true": self = .flag(true)
            case "false": self = .flag(false)
            default:
                self =
                    Int64(word).map(JSONValue.integer)
                    ?? Double(word).flatMap { $0.isFinite ? .number($0) : nil } ?? .null
            }
        }
    }

    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.flag(let left), .flag(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.text(let left), .text(let right)): left == right
        case (.list(let left), .list(let right)): left == right
        case (.object(let left), .object(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0 == $1 }
        default: false
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let fields):
            var container = encoder.container(keyedBy: FieldName.self)
            // The first of several fields with one name counts, as in SQLite.
            for field in fields.reversed() {
                try container.encode(field.value, forKey: FieldName(field.name))
            }
        case .list(let values):
            var container = encoder.unkeyedContainer()
            for value in values { try container.encode(value) }
        case .null, .flag, .integer, .number, .text:
            var container = encoder.singleValueContainer()
            switch self {
            case .flag(let value): try container.encode(value)
            case .integer(let value): try container.encode(value)
            case .number(let value): try container.encode(value)
            case .text(let value): try container.encode(value)
            default: try container.encodeNil()
            }
        }
    }
}

/// The name of a field that is known only at run time.
package struct FieldName: CodingKey {
    package let stringValue: String
    package var intValue: Int? { nil }

    package init(_ name: String) { stringValue = name }
    package init?(stringValue: String) { self.init(stringValue) }
    package init?(intValue: Int) { nil }
}
