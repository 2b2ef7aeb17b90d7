/// Text as a JSON string: RFC 8259, section 7.
///
/// Requests are written by hand rather than by a general encoder, so that their bytes are the same
/// on every platform and in every run.
enum JSONString {
    static func text(_ text: String) -> String {
        var output: [UInt8] = []
        append(text, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    static func append(_ text: String, to output: inout [UInt8]) {
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

    /// The end of the spelling of `text`, in UTF-8, that begins at `start`; nil if none does. Each character
    /// may be spelled as it is or, in ASCII, as any of the escapes.
    static func end(of text: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        for byte in text {
            if let end = end(ofEscaped: byte, in: bytes, from: index) {
                index = end
            } else if index < bytes.count && bytes[index] == byte {
                index += 1
            } else {
                return nil
            }
        }
        return index
    }

    private static func end(ofEscaped byte: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
        guard start + 1 < bytes.count, bytes[start] == UInt8(ascii: "\\"), byte < 0x80 else {
            return nil
        }
        if bytes[start + 1] == byte { return start + 2 }
        guard bytes[start + 1] == UInt8(ascii: "u"), start + 6 <= bytes.count,
            let digits = String(validating: bytes[(start + 2)..<(start + 6)], as: UTF8.self),
            UInt16(digits, radix: 16) == UInt16(byte)
        else { return nil }
        return start + 6
    }
}
