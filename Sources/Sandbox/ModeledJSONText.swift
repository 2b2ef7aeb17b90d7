/// JSON with its fields in the given order.
///
/// The documented replies have a fixed order of fields and keep their nulls. A general encoder sorts fields
/// or shuffles them from run to run, and a seed would no longer give the same bytes twice.
enum ModeledJSONText {
    case null
    case number(Int64)
    /// A number with two decimals, such as a price: 1999 is written 19.99.
    case hundredths(Int64)
    case text(String)
    case list([ModeledJSONText])
    /// A field without a value is omitted; a null must be explicit.
    case object(KeyValuePairs<String, ModeledJSONText?>)

    var bytes: [UInt8] {
        var output: [UInt8] = []
        write(to: &output)
        return output
    }

    static func texts(_ texts: [String]) -> ModeledJSONText {
        .list(texts.map(ModeledJSONText.text))
    }

    static func textOrNull(_ text: String?) -> ModeledJSONText {
        text.map(ModeledJSONText.text) ?? .null
    }

    private func write(to output: inout [UInt8]) {
        switch self {
        case .null:
            output += "null".utf8
        case .number(let number):
            output += String(number).utf8
        case .hundredths(let number):
            precondition(number >= 0, "a price is not negative")
            let rest = number % 100
            output += "\(number / 100).\(rest < 10 ? "0" : "")\(rest)".utf8
        case .text(let text):
            Self.write(text, to: &output)
        case .list(let values):
            output.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                value.write(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let fields):
            output.append(UInt8(ascii: "{"))
            let given = fields.lazy.compactMap { name, value in value.map { (name, $0) } }
            for (index, (name, value)) in given.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                Self.write(name, to: &output)
                output.append(UInt8(ascii: ":"))
                value.write(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    /// RFC 8259, section 7: quotes, backslashes and the 32 control characters are escaped.
    private static func write(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                output += (byte < 0x10 ? "\\u000" : "\\u00").utf8
                output += String(byte, radix: 16).utf8
            default:
                output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
