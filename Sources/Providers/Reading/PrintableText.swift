/// Untrusted text, made safe for a log line, a database row and a terminal.
enum PrintableText {
    static let scalarsMax = 500

    /// `text` on one line, with `[key]` in place of every occurrence of `key`, cut to `scalarsMax` Unicode
    /// scalars.
    ///
    /// Characters that can control a terminal or change the direction of writing become a space: controls
    /// (C0, DEL, C1), format characters (bidi overrides, zero widths), line and paragraph separators.
    static func make(
        _ text: String, hiding key: String, scalarsMax: Int = scalarsMax
    ) -> String {
        // Once before, for a key that contains a control; once after, for one that contains a space.
        let line = redacted(onOneLine(redacted(text, key)), key)
        return String(String.UnicodeScalarView(line.unicodeScalars.prefix(scalarsMax)))
    }

    /// Runs of blanks and unprintable characters become one space; none at the ends.
    static func onOneLine(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isPrintable(scalar) {
                line.append(scalar)
            } else if let last = line.last, last != " " {
                line.append(" ")
            }
        }
        if line.last == " " { line.removeLast() }
        return String(line)
    }

    /// The key is searched for as it is and as JSON strings spell it, with any choice of escapes: a body
    /// without the documented fields is quoted as it came. It compares bytes rather than characters, because
    /// a combining mark after the key would change the key's last character.
    private static func redacted(_ text: String, _ key: String) -> String {
        guard !key.isEmpty else { return text }
        let bytes = Array(text.utf8)
        let key = Array(key.utf8)
        let mark = Array("[key]".utf8)
        let plain = bytes[...].replacing(key, with: mark)
        guard plain.contains(UInt8(ascii: "\\")) else {
            return String(decoding: plain, as: UTF8.self)
        }
        var output: [UInt8] = []
        var index = 0
        while index < plain.count {
            if let end = JSONString.end(of: key, in: plain, from: index) {
                output += mark
                index = end
            } else {
                output.append(plain[index])
                index += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x21...0x7E).contains(scalar.value) }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator: false
        default: true
        }
    }
}
