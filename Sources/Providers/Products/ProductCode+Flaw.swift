extension ProductCode {
    /// What is wrong with a text that should be a code. The description is a sentence for people.
    package enum Flaw: Error, Equatable {
        /// A character that no code has, or an X elsewhere than at the end of an ISBN-10.
        case character
        case asin
        /// Blanks or hyphens elsewhere than in a printed code.
        case groups
        /// Ten digits whose last one is right for an ISBN-10 and for a UPC without its two zeros.
        case ambiguous
        /// Eleven digits that are a UPC once a zero is before them.
        case lostZero
        /// A number in scientific notation, without its last digits.
        case rounded
        /// Not a number of digits that a code has.
        case length(Int)
        /// The right number of digits, with another last one than this, which the others require.
        case checkDigit(digits: Int, expected: Character)
    }
}

extension ProductCode.Flaw: CustomStringConvertible {
    package var description: String {
        switch self {
        case .character:
            "not a code (digits only, an ISBN-10 may end in X; one per line)"
        case .asin:
            "this is an ASIN, not a code"
        case .groups:
            "spaces or hyphens are not where a UPC, EAN or ISBN is printed with them; write one code per line"
        case .ambiguous:
            "an ISBN-10, or a UPC without its 00. Try: write the ISBN with its hyphens, or the UPC with 00 before it"
        case .lostZero:
            "a UPC that lost the 0 at its beginning. Try: use --restore-zeros, or write 12 digits"
        case .rounded:
            "a spreadsheet rounded this code, and its last digits are lost. Try: set the column's format to text or 0, and export it again"
        case .length(11):
            "a UPC has 12 digits, not 11: a spreadsheet may have dropped a 0 at the beginning"
        case .length(let count):
            "a code has 8, 10, 12, 13 or 14 digits, not \(count)"
        case .checkDigit(8, let expected):
            "the check digit of this EAN-8 should be \(expected); "
                + "write a UPC-E as the 12-digit UPC that it abbreviates, or use --expand-upc-e"
        case .checkDigit(let digits, let expected):
            "the check digit of this \(Self.name(digits: digits)) should be \(expected)"
        }
    }

    private static func name(digits: Int) -> String {
        switch digits {
        case 10: "ISBN-10"
        case 12: "UPC"
        case 13: "EAN-13"
        default: "GTIN-14"
        }
    }
}
