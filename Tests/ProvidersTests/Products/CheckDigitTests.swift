import Providers
import TestSupport
import Testing

@Suite("Check digits")
struct CheckDigitTests {
    private static let samples = [
        "96385074", "01234565", "885909456017", "0885909456017", "6009705662678", "9780306406157",
        "20008236914225", "0306406152", "080442957X",
    ]

    private func isCode(_ digits: [Character]) -> Bool {
        (try? ProductCode(String(digits))) != nil
    }

    /// Different from the code: weights from the left, all digits, a sum of zero.
    private func isRight(_ digits: [Int]) -> Bool {
        if digits.count == 10 {
            return zip(digits, 1...10).map { $0 * $1 }.reduce(0, +) % 11 == 0
        }
        let first = digits.count.isMultiple(of: 2) ? 3 : 1
        return digits.enumerated()
            .map { $1 * ($0.isMultiple(of: 2) ? first : 4 - first) }.reduce(0, +) % 10 == 0
    }

    @Test("Any single wrong digit is noticed", arguments: samples)
    func singleErrors(code: String) {
        let digits = Array(code)
        #expect(isCode(digits))
        for place in digits.indices {
            for digit in "0123456789X" where digit != digits[place] {
                var wrong = digits
                wrong[place] = digit
                #expect(!isCode(wrong), "\(String(wrong))")
            }
        }
    }

    @Test("One of all last digits is valid, and the flaw names it", arguments: [8, 10, 12, 13, 14])
    func lastDigits(count: Int) throws {
        var random = SplitMix64(seed: UInt64(count))
        for _ in 0..<2_000 {
            let body = (1..<count).map { _ in Int.random(in: 0...9, using: &random) }
            let last = (0...10).first { isRight(body + [$0]) }!
            let expected: Character = last == 10 ? "X" : Character(String(last))
            let text = body.map(String.init).joined()
            for digit in "0123456789" + (count == 10 ? "X" : "") {
                do throws(ProductCode.Flaw) {
                    let code = try ProductCode(text + String(digit)).text
                    #expect(digit == expected)
                    #expect(count != 10 || digit == "X" || !isRight([0, 0] + body + [last]))
                    #expect(isRight(code.map { $0.wholeNumberValue! }), "\(code)")
                } catch {
                    // Ten digits may be right for a UPC without its zeros as well.
                    let isAmbiguous =
                        digit == expected && digit != "X" && count == 10
                        && isRight([0, 0] + body + [last])
                    #expect((error == .ambiguous) == isAmbiguous)
                    if isAmbiguous { continue }
                    #expect(digit != expected)
                    #expect(error == .checkDigit(digits: count, expected: expected))
                }
            }
        }
    }

    @Test("Every accepted code has the form that the queue accepts")
    func queueForm() throws {
        var random = SplitMix64(seed: 14)
        var accepted = 0
        for _ in 0..<50_000 {
            let digits = (0..<Int.random(in: 7...15, using: &random)).map { _ in
                "0123456789".randomElement(using: &random)!
            }
            guard let text = try? ProductCode(String(digits)).text else { continue }
            accepted += 1
            #expect(isRight(text.map { $0.wholeNumberValue! }), "\(text)")
            #expect(
                text.count == 8 || text.count == 13 || text.count == 14 && text.first != "0",
                "\(text)")
            #expect(try ProductCode(text).text == text)
        }
        #expect(accepted > 1_000)
    }

    @Test("A code, its UPC and its GTIN-14 with indicator 0 are one")
    func sameCode() throws {
        var random = SplitMix64(seed: 12)
        for _ in 0..<2_000 {
            let body = (0..<11).map { _ in Int.random(in: 0...9, using: &random) }
            let last = (0...9).first { isRight(body + [$0]) }!
            let upc = (body + [last]).map(String.init).joined()
            let texts = try [upc, "0" + upc, "00" + upc].map { try ProductCode($0).text }
            #expect(texts == Array(repeating: "0" + upc, count: 3))
        }
    }
}
