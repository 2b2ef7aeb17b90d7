/// The code of a trade item, a GTIN: UPC-A, EAN-13, EAN-8, GTIN-14, ISBN-13, or a book's older ISBN-10.
///
/// `text` is the same for every spelling of a product's code, so that the product is one job: 13 digits, 14
/// for a package that has a number of its own, and 8 for an EAN-8. Eight digits are never padded, because
/// they may also be a UPC-E, which means another number.
package struct ProductCode: Hashable, Sendable {
    package let text: String

    /// Accepts hyphens and spaces only where a printed code has them, and only a correct check digit.
    package init(_ text: String) throws(Flaw) {
        try self.init(Array(text.utf8).span)
    }

    /// The same from UTF-8. Long files have a million of them, so nothing is allocated: up to 14 digits
    /// fit into an integer, and into a `String` as it is.
    package init(_ bytes: Span<UInt8>) throws(Flaw) {
        var number: UInt64 = 0
        var digits = 0
        var endsInX = false
        var groups = CodeGroups()
        for index in bytes.indices {
            switch bytes[index] {
            case let byte where byte >= 0x30 && byte <= 0x39 && !endsInX:
                number = number &* 10 &+ UInt64(byte & 0x0F)
                digits += 1
                groups.addDigit()
            case UInt8(ascii: "X"), UInt8(ascii: "x"):
                guard digits == 9 else { throw Self.noCode(bytes) }
                endsInX = true
                digits = 10
                groups.addDigit()
            case let byte where byte == UInt8(ascii: "-") || byte == UInt8(ascii: " "):
                groups.end(with: byte)
            default:
                throw Self.noCode(bytes)
            }
        }
        if groups.areSeveral, !groups.arePrinted(digits: digits, number: number) { throw .groups }
        switch digits {
        case 8, 12, 13, 14:
            let check = CheckDigit.gtin(of: number / 10)
            guard number % 10 == check else {
                throw .checkDigit(digits: digits, expected: CheckDigit.character(check))
            }
            let isLong = number >= 10_000_000_000_000
            text = Self.text(number, digits: digits == 8 ? 8 : isLong ? 14 : 13)
        case 10:
            let body = endsInX ? number : number / 10
            let check = CheckDigit.isbn10(of: body)
            guard check == (endsInX ? 10 : number % 10) else {
                throw .checkDigit(digits: 10, expected: CheckDigit.character(check))
            }
            // A spreadsheet drops the zeros of 001234567970. Groups are an ISBN's own.
            if !groups.areSeveral, !endsInX, number % 10 == CheckDigit.gtin(of: number / 10) {
                throw .ambiguous
            }
            text = Self.text(CheckDigit.completing(978_000_000_000 + body), digits: 13)
        case 11 where !groups.areSeveral && CheckDigit.isRight(in: number):
            throw .lostZero
        default:
            throw .length(digits)
        }
    }

    /// The EAN-13 of the contents of a package with this GTIN-14; nil for a number that is no package's.
    static func contained(in number: UInt64) -> UInt64? {
        guard (10_000_000_000_000..<100_000_000_000_000).contains(number) else { return nil }
        return CheckDigit.completing(number / 10 % 1_000_000_000_000)
    }

    private static func text(_ number: UInt64, digits: Int) -> String {
        String(unsafeUninitializedCapacity: digits) { buffer in
            var rest = number
            for index in (0..<digits).reversed() {
                buffer[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            return digits
        }
    }

    private static func noCode(_ bytes: Span<UInt8>) -> Flaw {
        if bytes.count <= SpreadsheetNumber.bytesMax {
            let text = bytes.indices.map { bytes[$0] }
            if SpreadsheetNumber.isRounded(text) { return .rounded }
            if let digits = SpreadsheetNumber.integer(text) {
                do throws(Flaw) {
                    _ = try ProductCode(digits.span)
                } catch {
                    return error
                }
            }
        }
        return (try? ASIN(bytes)) == nil ? .character : .asin
    }
}
