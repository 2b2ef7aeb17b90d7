import Providers
import Testing

@Suite("Products that were changed")
struct ProductCorrectionTests {
    private func line(
        _ text: String, _ corrections: ProductCorrections = [], _ form: ProductForm = .code
    ) -> InputLine {
        InputLine(Array(text.utf8).span, form, corrections)
    }

    private func reason(_ line: InputLine) -> String {
        if case .bad(let reason) = line { reason } else { "\(line)" }
    }

    @Test(
        "A code that was taken for a number is read without its decimal point",
        arguments: [
            "885909456017.0", "885909456017.00", "885909456017,0", "0885909456017.0",
            " 885909456017.0 ",
            "\"885909456017.0\"", "8.85909456017E+11", "8,85909456017e11", "'885909456017.0",
        ])
    func decimals(text: String) {
        #expect(line(text) == .corrected("0885909456017", .decimalPoint))
    }

    @Test(
        "A rounded code is refused with the reason",
        arguments: ["8.85909E+11", "8,85909E+11", "8.85909456E+11", "9E+12", "\"8.85909E+11\""])
    func rounded(text: String) {
        for corrections in [[], .restoreZeros, .expandUPCE] as [ProductCorrections] {
            #expect(
                reason(line(text, corrections)).hasPrefix(
                    "a spreadsheet rounded this code, and its last digits are lost. Try: "))
        }
    }

    @Test(
        "Another number is no code",
        arguments: [
            "885909456017.5", "12.0", "885909456018.0", "8.85909456018E+11", "1E+99", "1.0E",
        ])
    func otherNumbers(text: String) {
        guard case .bad = line(text) else {
            Issue.record("taken: \(text)")
            return
        }
    }

    @Test("A lost zero is restored on request, where the check digit is right then")
    func lostZeros() {
        #expect(
            line("84113303210", .restoreZeros) == .corrected("0084113303210", .restoredZero))
        #expect(line("84113303210.0", .restoreZeros) == .corrected("0084113303210", .decimalPoint))
        for text in ["84113303210", "84113303210.0"] {
            #expect(reason(line(text)).hasPrefix("a UPC that lost the 0 at its beginning. Try: "))
        }
        #expect(
            reason(line("84113303211", .restoreZeros)).hasPrefix("a UPC has 12 digits, not 11"))
        #expect(line("885909456017", .restoreZeros) == .product("0885909456017"))
    }

    @Test(
        "A UPC-E is expanded on request",
        arguments: [
            // GS1 General Specifications, each rule for the last digit.
            ("04252614", "0042100005264"), ("01234505", "0012000003455"),
            ("01234531", "0012300000451"),
            ("01234543", "0012340000053"), ("01234565", "0012345000065"),
        ])
    func expansion(text: String, code: String) {
        #expect(line(text, .expandUPCE) == .corrected(code, .expandedUPCE))
        #expect(line(text) != .product(code))
    }

    @Test("An EAN-8 stays one, unless it begins with 0")
    func eights() {
        #expect(line("96385074", .expandUPCE) == .product("96385074"))
        let ambiguous = (0..<1_000_000).lazy.map { body -> String in
            let text = String(body)
            return String(repeating: "0", count: 7 - text.count) + text
        }.flatMap { body in (0...9).map { "\(body)\($0)" } }
        var count = 0
        for text in ambiguous.prefix(20_000) {
            guard case .product = line(text) else { continue }
            if case .corrected(_, .expandedUPCE) = line(text, .expandUPCE) { count += 1 }
        }
        #expect(count > 0)
    }

    @Test("An ISBN among ASINs becomes the book's ASIN on request")
    func isbn() {
        for text in ["9780306406157", "978-0-306-40615-7", "0-306-40615-2"] {
            #expect(
                line(text, .isbnAsASIN, .asin) == .corrected("0306406152", .isbnAsASIN), "\(text)")
            guard case .bad = line(text, [], .asin) else {
                Issue.record("taken: \(text)")
                return
            }
        }
        #expect(line("9780804429573", .isbnAsASIN, .asin) == .corrected("080442957X", .isbnAsASIN))
        #expect(line("0306406152", .isbnAsASIN, .asin) == .product("0306406152"))
        for text in ["9791032305690", "9780306406158", "4006381333931"] {
            guard case .bad = line(text, .isbnAsASIN, .asin) else {
                Issue.record("taken: \(text)")
                return
            }
        }
        #expect(reason(line("9780306406157", [], .asin)).contains("--isbn-as-asin"))
    }
}
