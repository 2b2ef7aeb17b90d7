/// A stranger's words, made fit for a log line, a database row and a terminal.
enum PrintableText {
    static let scalarsMax = 500

    /// `text` on one line, with `[key]` in place of every occurrence of `key`, cut to `scalarsMax`
    /// Unicode scalars.
    ///
    /// Whatever can steer a terminal or turn the direction of writing becomes a space: controls (C0,
    /// DEL, C1), format characters (bidi overrides, zero widths), line and paragraph separators.
    static func make(
        _ text: String, hiding key: String, scalarsMax: Int = scalarsMax
    ) -> String {
        // Once before, for a key with a control in it; once after, for one with a space in it.
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

    /// The key is sought as it is and as JSON strings spell it, whichever characters the server chose to
    /// escape: a body that says nothing in the documented form is quoted as it came. Bytes are compared
    /// rather than characters, because a combining mark after the key would make another character of
    /// its last.
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
