/// An Amazon Standard Identification Number, in capitals.
///
/// `^(?:[0-9]{9}[0-9X]|[A-Z][A-Z0-9]{9})$`: ten characters. An ASIN that begins with a digit is a book's
/// ISBN-10, whose last character checks the others. `B0` is usual elsewhere but not required: `BT00LLINKI` is
/// a real one.
package struct ASIN: Hashable, Sendable {
    package let text: String

    /// Takes small letters for capitals.
    package init(_ text: String) throws(Flaw) {
        try self.init(Array(text.utf8).span)
    }

    /// The same from UTF-8. It runs a million times for a long file, so it works on bytes, and ten
    /// of them fit into a `String` without an allocation.
    package init(_ bytes: Span<UInt8>) throws(Flaw) {
        var isDigits = !bytes.isEmpty
        var isAlphanumeric = true
        var body: UInt64 = 0
        for index in bytes.indices {
            let byte = Self.capital(bytes[index])
            let isDigit = Self.isDigit(byte)
            isAlphanumeric = isAlphanumeric && (isDigit || Self.isCapital(byte))
            isDigits = isDigits && isDigit
            if index < 9 { body = body &* 10 &+ UInt64(byte & 0x0F) }
        }
        guard isAlphanumeric else { throw .character }
        guard bytes.count == 10 else {
            throw isDigits ? .digits(bytes.count) : .length(bytes.count)
        }
        if Self.isDigit(bytes[0]) {
            for index in 1..<9 where !Self.isDigit(bytes[index]) { throw .isbn }
            let check = CheckDigit.isbn10(of: body)
            let last = Self.capital(bytes[9])
            guard Self.isDigit(last) || last == UInt8(ascii: "X") else { throw .isbn }
            guard check == (last == UInt8(ascii: "X") ? 10 : UInt64(last & 0x0F)) else {
                throw .checkDigit(CheckDigit.character(check))
            }
        }
        text = String(unsafeUninitializedCapacity: 10) { buffer in
            for index in 0..<10 { buffer[index] = Self.capital(bytes[index]) }
            return 10
        }
    }

    private static func capital(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") ? byte & 0xDF : byte
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func isCapital(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
    }
}

extension ASIN {
    /// What is wrong with a text that should be an ASIN. The description is a sentence for people.
    package enum Flaw: Error, Equatable {
        /// A character other than a letter or a digit.
        case character
        /// Letters and digits, but not ten.
        case length(Int)
        /// N digits: a barcode, if there are 8, 12, 13 or 14.
        case digits(Int)
        /// A digit first, but not the rest of an ISBN-10.
        case isbn
        /// An ISBN-10 with another last character than this one, which the first nine require.
        case checkDigit(Character)
    }
}

extension ASIN.Flaw: CustomStringConvertible {
    package var description: String {
        switch self {
        case .character:
            "not an ASIN (10 letters or digits, one per line)"
        case .digits(12):
            "12 digits are a UPC, not an ASIN"
        case .digits(13):
            "13 digits are an EAN or ISBN-13, not an ASIN; use --isbn-as-asin for a book's ISBN-13"
        case .digits(8), .digits(14):
            "this is a GTIN, not an ASIN"
        case .length(let count), .digits(let count):
            "an ASIN has 10 characters, not \(count)"
        case .isbn:
            "an ASIN that begins with a digit is an ISBN-10: nine digits, then a digit or X"
        case .checkDigit(let expected):
            "the check digit of this ISBN-10 should be \(expected)"
        }
    }
}
