import Providers
import Testing

@Suite("Lines of codes")
struct CodeLineTests {
    private func line(_ text: String) -> InputLine {
        InputLine(Array(text.utf8).span, .code)
    }

    @Test(
        "A code is found with anything around it",
        arguments: [
            "885909456017", "0885909456017\r", " \"8-85909-45601-7\" ", "\u{FEFF}885909456017",
            "885909456017 # iPad", "885909456017\t#", "\u{A0}8 85909 45601 7\u{200E}",
            "00885909456017",
        ])
    func surroundings(text: String) {
        #expect(line(text) == .product("0885909456017"))
    }

    @Test(
        "Blank lines and comments have no content",
        arguments: ["", " ", "\r", "\u{FEFF}", "#", "# 885909456017", "  # x", "\"\""])
    func blank(text: String) {
        #expect(line(text) == .blank)
    }

    @Test(
        "A bad line has a reason",
        arguments: [
            ("885909456018", "the check digit of this UPC should be 7: 885909456018"),
            ("B0086FFHLS", "this is an ASIN, not a code: B0086FFHLS"),
            (
                "885909456017 2",
                "spaces or hyphens are not where a UPC, EAN or ISBN is printed with them; "
                    + "write one code per line: 885909456017 2"
            ),
            (
                "1234567970",
                "an ISBN-10, or a UPC without its 00. Try: write the ISBN with its hyphens, "
                    + "or the UPC with 00 before it: 1234567970"
            ),
            (
                "88590945601",
                "a UPC has 12 digits, not 11: a spreadsheet may have dropped a 0 at the beginning: "
                    + "88590945601"
            ),
            (
                "https://www.amazon.com/dp/B0086FFHLS",
                "not a code (digits only, an ISBN-10 may end in X; one per line): "
                    + "https://www.amazon.com/dp/B0086FFHLS"
            ),
        ])
    func bad(text: String, reason: String) {
        #expect(line(text) == .bad(reason: reason))
    }

    @Test("Another encoding and an endless line are reported as in a file of ASINs")
    func otherFiles() {
        let utf16 = Array("885909456017".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(
            InputLine(utf16.span, .code) == .bad(reason: "looks like UTF-16; save it as UTF-8"))
        let long = String(repeating: "1", count: InputLine.bytesMax + 1)
        #expect(line(long) == .bad(reason: "longer than 4,096 bytes"))
    }
}
