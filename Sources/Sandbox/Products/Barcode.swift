/// A code that a lookup accepts: EAN-8, ISBN-10, UPC-A, EAN-13 or GTIN-14, its check digit correct.
struct Barcode: Hashable, Sendable {
    /// The code as thirteen digits, which identify an item. For an ISBN-10 it is the ISBN-13 of the same
    /// book, for a GTIN-14 the code of the item in the package.
    let ean: String
    /// The code itself if it was a GTIN-14.
    let gtin: String?

    init?(_ text: String) {
        let digits = text.utf8.map { Int($0) - 0x30 }
        if digits.count == 10, Self.isISBN(text) {
            ean = Self.complete([9, 7, 8] + digits.dropLast())
            gtin = nil
            return
        }
        guard [8, 12, 13, 14].contains(digits.count), digits.allSatisfy((0...9).contains),
            Self.checkDigit(after: digits.dropLast()) == digits.last
        else { return nil }
        if digits.count == 14 {
            ean = Self.complete(Array(digits[1..<13]))
            gtin = text
        } else {
            ean = String(repeating: "0", count: 13 - digits.count) + text
            gtin = nil
        }
    }

    /// The EAN-13 that begins with these twelve digits.
    init(completing digits: [Int]) {
        precondition(digits.count == 12, "an EAN-13 has twelve digits before its check digit")
        ean = Self.complete(digits)
        gtin = nil
    }

    /// The UPC-A in twelve digits, if there is one: an EAN that starts with 0 is a UPC-A with a zero before
    /// it.
    var upc: String? {
        ean.hasPrefix("0") ? String(ean.dropFirst()) : nil
    }

    /// The International ISBN Agency's prefixes. The vendor tracks no prices of books.
    var isBook: Bool {
        ean.hasPrefix("978") || ean.hasPrefix("979")
    }

    /// GS1 reserves the prefixes 20 to 29 for shops' own goods, so no catalog has them.
    var isInStore: Bool {
        ean.hasPrefix("2")
    }

    /// The check digit that completes a code, by the GS1 rule: from the right, digits weigh 3, 1, 3…
    static func checkDigit(after digits: some BidirectionalCollection<Int>) -> Int {
        let sum = digits.reversed().enumerated().reduce(0) { sum, place in
            sum + place.element * (place.offset % 2 == 0 ? 3 : 1)
        }
        return (10 - sum % 10) % 10
    }

    /// The code that begins with these digits and ends with their check digit.
    static func complete(_ digits: [Int]) -> String {
        (digits + [checkDigit(after: digits)]).map(String.init).joined()
    }

    /// ISBN-10: weights 10 down to 1, the sum divisible by 11, `X` for 10 in the last place.
    private static func isISBN(_ text: String) -> Bool {
        guard ASINPattern.matches(text) else { return false }
        let digits = text.utf8.map { $0 == UInt8(ascii: "X") ? 10 : Int($0) - 0x30 }
        let sum = zip(digits, (1...10).reversed()).reduce(0) { $0 + $1.0 * $1.1 }
        return digits.allSatisfy((0...10).contains) && sum % 11 == 0
    }
}
