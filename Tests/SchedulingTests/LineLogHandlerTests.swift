import Foundation
import Operations
import Scheduling
import Testing

@Suite struct LineLogHandlerTests {
    @Test(
        "A value is bare if it is one plain word, and in quotes if it is not",
        arguments: [
            ("images", "images"), ("", #""""#), ("two words", #""two words""#),
            ("a=b", #""a=b""#), (#"say "hi""#, #""say \"hi\"""#), (#"C:\x"#, #""C:\\x""#),
            ("ü", #""ü""#), ("無印 🫖", #""無印 🫖""#), ("-5", "-5"), ("[key]", "[key]"),
        ])
    func quoting(value: String, expected: String) {
        #expect(LineLogHandler.quoted(value) == expected)
    }

    @Test(
        "Characters that could end the line, control a terminal or change the direction of writing are escaped",
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
        #expect(
            Array(LineLogHandler.quoted(value).unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test("With every scalar, a value is one line of printable text with matching quotes")
    func everyScalar() {
        for scalar in (0...0x10FFFF as ClosedRange<UInt32>).lazy.compactMap(Unicode.Scalar.init) {
            let quoted = LineLogHandler.quoted("a\(scalar)").unicodeScalars
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

    @Test("A JSON line is one object whose values are read back, and one line of printable text")
    func jsonLine() throws {
        let values = [
            "", "images", "say \"hi\"", "C:\\x", "a\nb\u{1B}[31m\u{202E}\u{2028}", "無印 🫖",
            "\u{E0001}",
        ]
        let pairs = values.enumerated().map { (key: "key\($0.offset)", value: $0.element) }
        let line = LineLogHandler.line(pairs, .json)
        let read = try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
        #expect(read == Dictionary(uniqueKeysWithValues: pairs.map { ($0.key, $0.value) }))
        #expect(line.hasPrefix(#"{"key0":"","key1":"images","#))
        let isPrintable = line.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
        #expect(isPrintable)
    }
}
