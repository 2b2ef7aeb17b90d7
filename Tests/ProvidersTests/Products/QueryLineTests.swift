import Providers
import TestSupport
import Testing

@Suite("Lines of queries")
struct QueryLineTests {
    private func line(_ text: String) -> InputLine {
        InputLine(Array(text.utf8).span, .query)
    }

    private func reason(_ line: InputLine) -> String? {
        if case .bad(let reason) = line { reason } else { nil }
    }

    @Test(
        "A query is the whole line with single blanks, its quotes kept",
        arguments: [
            ("ipad mini", "ipad mini"), ("  ipad \t mini \r", "ipad mini"),
            ("\u{FEFF}ipad mini", "ipad mini"), ("\"ipad mini\"", "\"ipad mini\""),
            ("24\" monitor", "24\" monitor"), ("C# in a nutshell", "C# in a nutshell"),
            ("size # 7", "size # 7"), ("iPad MINI", "iPad MINI"), ("x", "x"),
            ("a\u{A0}b\u{2003}\u{3000}c", "a b c"),
            ("\u{200E}ipad\u{200B} mini\u{200F}", "ipad mini"),
            ("\u{2003}\u{200D}ipad\u{200C}\u{2003}", "ipad"),
            ("می\u{200C}خواهم", "می\u{200C}خواهم"),
            ("👩\u{200D}🔬 mug", "👩\u{200D}🔬 mug"), ("Größe 42", "Größe 42"), ("a\u{85}b", "a b"),
        ])
    func whole(text: String, expected: String) throws {
        guard case .product(let query) = line(text) else {
            Issue.record("\(line(text))")
            return
        }
        #expect(Array(query.unicodeScalars) == Array(expected.unicodeScalars))
        #expect(line(query) == .product(query))
        #expect(try ProductForm.query.product(text) == query)
    }

    @Test(
        "Blank lines, and comments from a # that begins the line, have no content",
        arguments: [
            "", " ", "\r", "\t \r", "\u{FEFF}", "\u{A0}", "\u{2003}", "\u{2003}\u{200D}", "#",
            "# ipad mini", "#ipad", "  # x", "\u{FEFF}# x",
        ])
    func blank(text: String) {
        #expect(line(text) == .blank)
    }

    @Test("A query has at most 256 characters, counted once its blanks are single")
    func length() {
        for letter in ["x", "é", "🦊"] {
            let longest = String(repeating: letter, count: 256)
            #expect(line(longest) == .product(longest))
            #expect(
                line(longest + letter)
                    == .bad(
                        reason: "a query has at most 256 characters, not 257: "
                            + String(repeating: letter, count: 40) + "…"))
        }
        let spread = Array(repeating: "x", count: 128).joined(separator: "    ")
        #expect(line(spread) == .product(spread.replacing("    ", with: " ")))
    }

    @Test("A control character is a flaw within a query, and a blank at its ends")
    func controls() {
        let blanks = Set(Array(0x09...0x0D) + [0x85])
        for value in Array(0x01...0x1F) + Array(0x7F...0x9F) where !blanks.contains(value) {
            let control = String(Unicode.Scalar(UInt32(value))!)
            #expect(
                reason(line("ip\(control)ad"))?.hasPrefix("a query has no control characters: ")
                    == true)
            for text in [control + "ipad", "ipad" + control] {
                #expect(line(text) == .product("ipad"))
            }
            #expect(line(control) == .blank)
        }
    }

    @Test("Text that is not UTF-8 is a flaw")
    func encodings() {
        for bytes in [[0x69, 0xFF], [0xC3], [0x69, 0xED, 0xA0, 0x80]] as [[UInt8]] {
            #expect(
                reason(InputLine(bytes.span, .query))?.hasPrefix("not text in UTF-8") == true)
        }
        let utf16 = Array("ipad".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(
            InputLine(utf16.span, .query) == .bad(reason: "looks like UTF-16; save it as UTF-8"))
        #expect(
            line("ipad\u{0}mini") == .bad(reason: "contains a NUL byte, so this is not a text file")
        )
    }

    @Test("Random lines give a query that is its own query, a reason or nothing")
    func random() throws {
        var random = SplitMix64(seed: 256)
        let parts =
            [
                "ipad", " ", "  ", "\t", "\"", "#", "é", "🦊", "\u{A0}", "\u{200B}", "\u{200C}",
                "\u{200D}", "\u{2003}", "\u{FEFF}", "\u{1B}", "\u{7F}", "\u{85}", "\r",
                String(repeating: "x", count: 100),
            ].map { Array($0.utf8) } + [[0xFF], [0xE2, 0x80], [0xC2]]
        var queries = 0
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 1...6, using: &random)).flatMap { _ in
                parts.randomElement(using: &random)!
            }
            guard case .product(let query) = InputLine(bytes.span, .query) else { continue }
            queries += 1
            #expect(try ProductForm.query.product(query) == query, "\(bytes)")
            #expect((1...256).contains(query.unicodeScalars.count))
            #expect(!query.contains("  ") && query.first != " " && query.last != " ")
        }
        #expect(queries > 1_000)
    }
}
