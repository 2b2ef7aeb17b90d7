import Scheduling
import Testing

@Suite struct LogfmtHandlerTests {
    @Test(
        "A value stands bare where it is one plain word, and in quotes where it is not",
        arguments: [
            ("images", "images"), ("", #""""#), ("two words", #""two words""#),
            ("a=b", #""a=b""#), (#"say "hi""#, #""say \"hi\"""#), (#"C:\x"#, #""C:\\x""#),
            ("ü", #""ü""#), ("無印 🫖", #""無印 🫖""#), ("-5", "-5"), ("[key]", "[key]"),
        ])
    func quoting(value: String, expected: String) {
        #expect(LogfmtHandler.quoted(value) == expected)
    }

    @Test(
        "What could end the line, steer a terminal or turn the writing is escaped",
        arguments: [
            ("a\nb", #""a\nb""#), ("a\r\nb", #""a\u{d}\nb""#), ("a\tb", #""a\u{9}b""#),
            ("\u{1B}[31m", #""\u{1b}[31m""#), ("\0", #""\u{0}""#), ("\u{7F}", #""\u{7f}""#),
            ("\u{9B}1m", #""\u{9b}1m""#), ("\u{85}", #""\u{85}""#),
            ("a\u{2028}b\u{2029}", #""a\u{2028}b\u{2029}""#),
            ("\u{202E}txt.exe", #""\u{202e}txt.exe""#),
            ("\u{2066}x\u{2069}", #""\u{2066}x\u{2069}""#),
            ("a\u{200B}b", #""a\u{200b}b""#), ("\u{FEFF}", #""\u{feff}""#),
            ("\"\u{301}", "\"\\\"\u{301}\""), ("\n\u{301}", "\"\\n\u{301}\""),
        ])
    func escaping(value: String, expected: String) {
        #expect(Array(LogfmtHandler.quoted(value).unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test("Whatever the scalar, a value is one line of printable text and its quotes match")
    func everyScalar() {
        for scalar in (0...0x10FFFF as ClosedRange<UInt32>).lazy.compactMap(Unicode.Scalar.init) {
            let quoted = LogfmtHandler.quoted("a\(scalar)").unicodeScalars
            let isUnsafe = quoted.contains { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: true
                default: false
                }
            }
            let isQuoted = quoted.first == "\"" && quoted.last == "\""
            if isUnsafe || isQuoted == (quoted.count == 2) {
                Issue.record("U+\(String(scalar.value, radix: 16)): \(quoted)")
            }
        }
    }
}
