import Providers
import TestSupport
import Testing

@Suite struct InputLineTests {
    private func line(_ text: String) -> InputLine {
        line(Array(text.utf8))
    }

    private func line(_ bytes: [UInt8]) -> InputLine {
        InputLine(bytes.span, .asin)
    }

    private func reason(_ line: InputLine) -> String? {
        if case .bad(let reason) = line { reason } else { nil }
    }

    @Test(arguments: [
        "", " ", "\t", "\r", "\u{FEFF}", "\u{FEFF}\r", "#", "# B0086FFHLS", "  # x", "\u{FEFF}# x",
        "#B0086FFHLS", "\"\"", "\" \"", "\u{A0}", "\u{200B} \u{200E}", "\u{FEFF} #",
    ])
    func blankAndCommentLinesSayNothing(text: String) {
        #expect(line(text) == .blank)
    }

    @Test(arguments: [
        "B0086FFHLS", "b0086ffhls", "B0086FFHLS\r", "  B0086FFHLS\t ", "\u{FEFF}B0086FFHLS",
        "\"B0086FFHLS\"", " \" B0086FFHLS \" ", "B0086FFHLS # brush", "B0086FFHLS\t#",
        "B0086FFHLS #\r",
        "\"B0086FFHLS\" # brush", "\u{200E}B0086FFHLS\u{200F}", "\u{A0}B0086FFHLS\u{A0}",
        "\u{FEFF}\"b0086FFHLS\"\r", "B0086FFHLS # a # \"b\"", "B0086FFHLS\u{A0}# x",
    ])
    func aProductIsFoundWhateverSurroundsIt(text: String) {
        #expect(line(text) == .product("B0086FFHLS"))
    }

    @Test(
        "Signs that spreadsheets and programs put around a product do no harm",
        arguments: [
            "'B0086FFHLS", "'B0086FFHLS'", "'B0086FFHLS',", "=\"B0086FFHLS\"",
            "B0086FFHLS,", "B0086FFHLS;;", "B0086FFHLS | ", "\"B0086FFHLS\",", "\"B0086FFHLS\" ;",
            "\u{202A}B0086FFHLS\u{202C}", "\u{AD}B0086FFHLS\u{AD}", "\u{3000}B0086FFHLS\u{3000}",
            "\u{2060}B0086FFHLS\u{2066}", "\u{202F}B0086FFHLS\u{2007}", "\u{1F}B0086FFHLS\u{7F}",
            "\u{85}B0086FFHLS\u{61C}",
        ])
    func wrapping(text: String) {
        #expect(line(text) == .product("B0086FFHLS"))
    }

    @Test(
        "Signs elsewhere are not ignored",
        arguments: [
            "=B0086FFHLS", ",B0086FFHLS", "B0086'FFHLS", "B0086FFHLS'", "B0086FFHLS.",
            "B0086\u{200B}FFHLS", "B0086FFHLS,B0086FFHLS",
        ])
    func otherSigns(text: String) {
        guard case .bad = line(text) else {
            Issue.record("taken: \(text)")
            return
        }
    }

    @Test(arguments: [
        ("B0086FFHL", "an ASIN has 10 characters, not 9: B0086FFHL"),
        ("631102001550", "12 digits are a UPC, not an ASIN: 631102001550"),
        ("0306406151", "the check digit of this ISBN-10 should be 2: 0306406151"),
        (
            "B0086FFHLS,B00NNUMI86",
            "not an ASIN (10 letters or digits, one per line): B0086FFHLS,B00NNUMI86"
        ),
        (
            "B0086FFHLS#x",
            "not an ASIN (10 letters or digits, one per line): B0086FFHLS#x"
        ),
        (
            "\"B0086FFHLS",
            "not an ASIN (10 letters or digits, one per line): \"B0086FFHLS"
        ),
        ("\"", "not an ASIN (10 letters or digits, one per line): \""),
        ("http", "an ASIN has 10 characters, not 4: http"),
        (
            "https://example.com/dp/B0086FFHLS",
            "not an address at Amazon: https://example.com/dp/B0086FFHLS"
        ),
        ("amazon.com/stores", "no ASIN in this address: amazon.com/stores"),
    ])
    func aBadLineHasAReason(text: String, expected: String) {
        #expect(line(text) == .bad(reason: expected))
    }

    @Test func aReasonRepeatsAtMost40CharactersAndOnlyPrintableOnes() {
        let texts = [
            String(repeating: "x", count: 4_000), String(repeating: "é", count: 2_000),
            "\u{1B}[31m\u{202E}" + String(repeating: "\u{7}🦊", count: 50),
            "https://example.com/" + String(repeating: "y", count: 500),
        ]
        for text in texts {
            let reason = reason(line(text)) ?? ""
            let echo = reason.split(separator: ": ", maxSplits: 1).last ?? ""
            #expect(echo.count == 41 && echo.last == "…")
            #expect(!reason.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
        }
    }

    @Test func otherEncodingsAreNamed() {
        let utf16 = Array("B0086FFHLS\r".utf16)
        let little = utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        // A file is cut at its line feeds, which leaves half of one at a line's end or beginning.
        let lines: [[UInt8]] = [
            little, big, [0xFF, 0xFE] + little, [0xFE, 0xFF] + big, [0] + little, big + [0], [0],
            [0xFF, 0xFE], [0, 0x0D, 0],
        ]
        for bytes in lines {
            #expect(line(bytes) == .bad(reason: "looks like UTF-16; save it as UTF-8"))
        }
        #expect(
            line("B0086FFHLS\u{0}")
                == .bad(reason: "contains a NUL byte, so this is not a text file"))
    }

    @Test func aLineMayHave4096BytesButNotOneMore() {
        let padding = String(repeating: " ", count: InputLine.bytesMax - 10)
        #expect(line("B0086FFHLS" + padding) == .product("B0086FFHLS"))
        #expect(line("B0086FFHLS " + padding) == .bad(reason: "longer than 4,096 bytes"))
    }

    @Test func noByteAndNoPairOfBytesIsAProduct() {
        let bytes = UInt8.min...UInt8.max
        let lines = bytes.map { [$0] } + bytes.flatMap { first in bytes.map { [first, $0] } }
        let accepted = lines.filter { bytes in
            switch line(bytes) {
            case .blank: false
            case .product, .corrected: true
            case .bad(let reason): reason.isEmpty
            }
        }
        #expect(accepted.isEmpty)
    }

    @Test func randomBytesAreNeverTakenForAProductTheyDoNotSpell() {
        var random = SplitMix64(seed: 20_260_501)
        let words =
            [
                "B0086FFHLS", "/dp/", "?asin=", "amazon.com", "https://", "\"", "#", " ", "/",
                "\u{FEFF}",
                "\u{200E}", ".", "&", "\u{0}", "é", "x",
            ].map { Array($0.utf8) } + [[0xC2], [0xE2, 0x80], [0xFF], [0xEF, 0xBB]]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 1...8, using: &random)).flatMap { _ in
                words.randomElement(using: &random)!
            }
            if case .product(let asin) = line(bytes) {
                #expect(asin == "B0086FFHLS")
                #expect(!bytes.ranges(of: Array("B0086FFHLS".utf8)).isEmpty)
            }
        }
    }
}
