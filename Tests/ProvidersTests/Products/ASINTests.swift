import Providers
import TestSupport
import Testing

@Suite struct ASINTests {
    private func flaw(_ text: String) -> ASIN.Flaw? {
        do throws(ASIN.Flaw) {
            _ = try ASIN(text)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("B0086FFHLS", "B0086FFHLS"), ("b00nnumi86", "B00NNUMI86"), ("BT00LLINKI", "BT00LLINKI"),
        ("A000000000", "A000000000"), ("ZZZZZZZZZZ", "ZZZZZZZZZZ"), ("0306406152", "0306406152"),
        ("080442957X", "080442957X"), ("080442957x", "080442957X"), ("0000000000", "0000000000"),
    ])
    func anASINIsKeptInCapitals(text: String, expected: String) throws {
        #expect(try ASIN(text).text == expected)
    }

    @Test(
        arguments: [
            ("", .length(0)), ("B0086FFHL", .length(9)), ("B0086FFHLSS", .length(11)),
            ("B0086FFHL ", .character), ("B0086-FHLS", .character), ("B0086FFHLÉ", .character),
            ("B0086FFHL\u{0}", .character), ("９780306406", .character), ("a,b", .character),
            ("631102001550", .digits(12)), ("9780306406157", .digits(13)),
            ("123456789", .digits(9)),
            ("0B086FFHLS", .isbn), ("03064061A2", .isbn), ("030640615A", .isbn),
            ("03064X6152", .isbn),
            ("0306406151", .checkDigit("2")), ("0804429570", .checkDigit("X")),
            ("030640615X", .checkDigit("2")),
        ] as [(String, ASIN.Flaw)])
    func whatIsWrongIsSaidPrecisely(text: String, expected: ASIN.Flaw) {
        #expect(flaw(text) == expected)
    }

    @Test func atEveryPlaceEveryByteIsJudgedByThePattern() {
        for place in 0..<10 {
            for byte in UInt8.min...UInt8.max {
                var bytes = Array("B0086FFHLS".utf8)
                bytes[place] = byte
                let character = Character(Unicode.Scalar(byte))
                let isValid =
                    byte < 0x80 && (character.isLetter || (place > 0 && character.isNumber))
                #expect(((try? ASIN(bytes.span)) != nil) == isValid, "byte \(byte) at \(place)")
            }
        }
    }

    @Test func ofElevenLastCharactersOneFitsAnyNineDigits() throws {
        var random = SplitMix64(seed: 10)
        for _ in 0..<2_000 {
            let digits = (0..<9).map { _ in Int.random(in: 0...9, using: &random) }
            let body = digits.map(String.init).joined()
            let fitting = Array("0123456789X").filter { flaw(body + String($0)) == nil }
            #expect(fitting.count == 1)
            // Different from the code: weights 1 to 9 from the left give the check digit.
            let check = zip(digits, 1...9).map { $0 * $1 }.reduce(0, +) % 11
            #expect(fitting.first == Array("0123456789X")[check])
        }
    }

    @Test func everyFlawIsASentenceOfItsOwn() {
        let flaws: [ASIN.Flaw] = [
            .character, .length(9), .digits(12), .digits(13), .digits(14), .digits(7), .isbn,
            .checkDigit("X"),
        ]
        #expect(Set(flaws.map(\.description)).count == flaws.count)
        #expect("\(ASIN.Flaw.checkDigit("X"))" == "the check digit of this ISBN-10 should be X")
        #expect("\(ASIN.Flaw.length(9))" == "an ASIN has 10 characters, not 9")
    }
}
