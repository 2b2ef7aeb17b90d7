/// The groups into which blanks or hyphens divide a code's digits.
///
/// Other groups than those of a printed code are an error: `885909456017 2` is a UPC and a quantity, and one
/// time in ten its digits joined are the EAN-13 of another product.
struct CodeGroups {
    /// The most groups of a printed code.
    private static let countMax = 5

    /// Four bits for each group that has ended, the last one lowest.
    private var ended: UInt64 = 0
    private var endedCount = 0
    /// The length of the group that has not ended.
    private var length: UInt64 = 0
    private var separator: UInt8?
    private var isUniform = true

    /// Whether there is more than one.
    var areSeveral: Bool { separator != nil }

    mutating func addDigit() {
        length = min(length + 1, 15)
    }

    /// - Parameter byte: A blank or a hyphen. A printed code has only one kind of separator.
    mutating func end(with byte: UInt8) {
        isUniform = isUniform && (separator ?? byte) == byte
        separator = byte
        ended = ended << 4 | length
        endedCount = min(endedCount + 1, Self.countMax)
        length = 0
    }

    /// Whether a code with this number of digits is printed in these groups.
    ///
    /// GS1 General Specifications, "Human readable interpretation", and the symbols' own pages: EAN-8 4-4,
    /// UPC-A 1-5-5-1 (shops list its EAN-13 with the 0 in front, 1-5-5-2), EAN-13 1-6-6, GTIN-14
    /// 1-2-5-5-1. Amazon: an ISBN-13 is 3-10.
    func arePrinted(digits: Int, number: UInt64) -> Bool {
        guard isUniform, endedCount < Self.countMax else { return false }
        let isISBN13 = number / 10_000_000_000 == 978 || number / 10_000_000_000 == 979
        return switch (digits, ended << 4 | length) {
        case (8, 0x44), (12, 0x1551), (13, 0x166), (14, 0x12551): true
        case (13, 0x1552): number < 1_000_000_000_000
        case (13, 0x3A): isISBN13
        case (13, let groups): isISBN13 && groups >> 16 == 3 && Self.isISBN(groups & 0xFFFF)
        case (10, let groups): Self.isISBN(groups)
        default: false
        }
    }

    /// ISBN Users' Manual: a registration group of 1 to 5 digits, a registrant of 1 to 7, a publication of
    /// 1 to 6, and the check digit.
    private static func isISBN(_ groups: UInt64) -> Bool {
        (1...5).contains(groups >> 12) && (1...7).contains(groups >> 8 & 0xF)
            && (1...6).contains(groups >> 4 & 0xF) && groups & 0xF == 1
    }
}
