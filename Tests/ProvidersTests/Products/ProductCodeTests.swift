import Providers
import TestSupport
import Testing

@Suite("Product codes")
struct ProductCodeTests {
    private func flaw(_ text: String) -> ProductCode.Flaw? {
        do throws(ProductCode.Flaw) {
            _ = try ProductCode(text)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "A code has one text, in every spelling",
        arguments: [
            ("885909456017", "0885909456017"), ("0885909456017", "0885909456017"),
            ("00885909456017", "0885909456017"), ("8-85909-45601-7", "0885909456017"),
            ("8 85909 45601 7", "0885909456017"), ("6009705662678", "6009705662678"),
            ("06009705662678", "6009705662678"), ("20008236914225", "20008236914225"),
            ("2 00 08236 91422 5", "20008236914225"), ("96385074", "96385074"),
            ("9638-5074", "96385074"), ("00000000", "00000000"), ("01234565", "01234565"),
            ("0306406152", "9780306406157"), ("0-306-40615-2", "9780306406157"),
            ("978-0-306-40615-7", "9780306406157"), ("080442957X", "9780804429573"),
            ("0-8044-2957-x", "9780804429573"), ("9780804429573", "9780804429573"),
            ("979-10-90636-07-1", "9791090636071"), ("9638 5074", "96385074"),
            ("978-0306406157", "9780306406157"), ("0 885909 456017", "0885909456017"),
            ("0-88590-94560-17", "0885909456017"), ("1 54 00141 28876 3", "15400141288763"),
            ("99999999999997", "99999999999997"), ("000000000000", "0000000000000"),
            ("0000096385074", "0000096385074"),
        ])
    func canonical(text: String, expected: String) throws {
        #expect(try ProductCode(text).text == expected)
        #expect(try ProductCode(expected).text == expected)
    }

    @Test(
        "Each flaw is reported precisely",
        arguments: [
            ("", .length(0)), ("-", .groups), ("1", .length(1)), ("1234567", .length(7)),
            ("123456789", .length(9)), ("88590945601", .length(11)),
            ("885909456017000", .length(15)),
            (String(repeating: "9", count: 4_000), .length(4_000)),
            ("885909456018", .checkDigit(digits: 12, expected: "7")),
            ("0885909456010", .checkDigit(digits: 13, expected: "7")),
            ("20008236914220", .checkDigit(digits: 14, expected: "5")),
            ("96385075", .checkDigit(digits: 8, expected: "4")),
            ("04252614", .checkDigit(digits: 8, expected: "0")),
            ("0306406151", .checkDigit(digits: 10, expected: "2")),
            ("030640615X", .checkDigit(digits: 10, expected: "2")),
            ("0804429570", .checkDigit(digits: 10, expected: "X")),
            ("B0086FFHLS", .asin), ("b0086ffhls", .asin),
            ("88590945601A", .character), ("08044295X7", .character), ("X", .character),
            ("080442957XX", .character), ("080442957X0", .character), ("88590945601X", .character),
            ("885909456017,96385074", .character), ("885909456017\u{0}", .character),
            ("٨85909456017", .character), ("885909456017\t", .character),
            ("8.8591E+11", .rounded), ("84113303210", .lostZero),
            ("1234567970", .ambiguous), ("2-12345678-6", .groups), ("--96385074--", .groups),
            ("96385074-", .groups), ("-96385074", .groups), ("9638--5074", .groups),
            ("8-85909 45601-7", .groups), ("2 000823-691422 5", .groups),
            ("885909456017 2", .groups), ("2 885909456017", .groups), ("0 8859094560172", .groups),
            ("885909456017 1299", .groups), ("96385074 96385074", .groups),
            ("1-800-555-0199", .groups), ("030-640-6152", .groups), ("03064-06152", .groups),
            ("400638 1333931", .groups), ("400-6381333931", .groups),
            ("977-0-306-40615-8", .groups),
            ("9-7-8-0-3-0-6-4-0-6-1-5-7", .groups), ("0 425261 4", .groups),
            ("978\u{2011}0\u{2011}306\u{2011}40615\u{2011}7", .character),
            ("8\u{A0}85909\u{A0}45601\u{A0}7", .character), ("８85909456017", .character),
        ] as [(String, ProductCode.Flaw)])
    func flaws(text: String, expected: ProductCode.Flaw) {
        #expect(flaw(text) == expected)
    }

    @Test(
        "A flaw is a sentence for people",
        arguments: [
            (
                .character,
                "not a code (digits only, an ISBN-10 may end in X; one per line)"
            ),
            (.asin, "this is an ASIN, not a code"),
            (
                .groups,
                "spaces or hyphens are not where a UPC, EAN or ISBN is printed with them; "
                    + "write one code per line"
            ),
            (
                .ambiguous,
                "an ISBN-10, or a UPC without its 00. "
                    + "Try: write the ISBN with its hyphens, or the UPC with 00 before it"
            ),
            (
                .length(11),
                "a UPC has 12 digits, not 11: a spreadsheet may have dropped a 0 at the beginning"
            ),
            (
                .lostZero,
                "a UPC that lost the 0 at its beginning. "
                    + "Try: use --restore-zeros, or write 12 digits"
            ),
            (
                .rounded,
                "a spreadsheet rounded this code, and its last digits are lost. "
                    + "Try: set the column's format to text or 0, and export it again"
            ),
            (.length(9), "a code has 8, 10, 12, 13 or 14 digits, not 9"),
            (
                .checkDigit(digits: 8, expected: "4"),
                "the check digit of this EAN-8 should be 4; "
                    + "write a UPC-E as the 12-digit UPC that it abbreviates, or use --expand-upc-e"
            ),
            (
                .checkDigit(digits: 10, expected: "X"),
                "the check digit of this ISBN-10 should be X"
            ),
            (.checkDigit(digits: 12, expected: "7"), "the check digit of this UPC should be 7"),
            (.checkDigit(digits: 13, expected: "7"), "the check digit of this EAN-13 should be 7"),
            (.checkDigit(digits: 14, expected: "5"), "the check digit of this GTIN-14 should be 5"),
        ] as [(ProductCode.Flaw, String)])
    func sentences(flaw: ProductCode.Flaw, sentence: String) {
        #expect("\(flaw)" == sentence)
    }

    @Test("Ten ambiguous digits are not ambiguous once they are written as one of the two")
    func ambiguous() throws {
        #expect(flaw("1234567970") == .ambiguous)
        #expect(try ProductCode("001234567970").text == "0001234567970")
        #expect(try ProductCode("1-234-56797-0").text == "9781234567972")
        #expect(try ProductCode("9781234567972").text == "9781234567972")
    }

    @Test(
        "Two numbers on a line are not a code, whatever their digits, except an EAN-8 and an ISBN-13"
    )
    func neighbors() {
        var random = SplitMix64(seed: 2)
        let first = "0123456789".map(\.self)
        for length in 2...14 {
            for cut in 1..<length {
                // Both may have a prefix of an ISBN.
                for prefix in ["", "978", "979"] {
                    for _ in 0..<50 {
                        let rest = (0..<length).map { _ in first.randomElement(using: &random)! }
                        var digits = Array((prefix + String(rest)).prefix(length))
                        for separator in [" ", "-"] {
                            digits.insert(contentsOf: separator, at: cut)
                            let isPrinted = length == 8 && cut == 4 || length == 13 && cut == 3
                            if !isPrinted { #expect(flaw(String(digits)) == .groups) }
                            digits.remove(at: cut)
                        }
                    }
                }
            }
        }
    }

    @Test("At every place every byte except a digit, a hyphen and a space is rejected")
    func bytes() {
        let digits = Array("6009705662678".utf8)
        for place in digits.indices {
            for byte in UInt8.min...UInt8.max where byte != UInt8(ascii: "-") && byte != 0x20 {
                var bytes = digits
                bytes[place] = byte
                let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                do throws(ProductCode.Flaw) {
                    #expect(try ProductCode(bytes.span).text == "6009705662678")
                    #expect(bytes == digits, "byte \(byte) at \(place)")
                } catch {
                    #expect(bytes != digits)
                    #expect((error == .character) == !isDigit, "byte \(byte) at \(place)")
                }
            }
        }
    }
}
