/// Corrections of products that are made only on request, because they are guesses.
package struct ProductCorrections: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let restoreZeros = ProductCorrections(rawValue: 1)
    package static let expandUPCE = ProductCorrections(rawValue: 2)
    package static let isbnAsASIN = ProductCorrections(rawValue: 4)
}

/// What was changed in a product's text to read it. The raw values are a contract: fields of the JSON.
package enum ProductCorrection: String, CaseIterable, Sendable {
    /// `885909456017.0`: a spreadsheet or a program took the code for a number.
    case decimalPoint
    /// `88590945601`: a spreadsheet dropped the zero at the beginning.
    case restoredZero
    case expandedUPCE
    /// An ISBN that became the ASIN of the book.
    case isbnAsASIN

    /// After a number of products.
    package var summary: String {
        switch self {
        case .decimalPoint: "with a decimal point removed"
        case .restoredZero: "with a zero restored at the beginning"
        case .expandedUPCE: "expanded from UPC-E"
        case .isbnAsASIN: "changed from ISBN to ASIN"
        }
    }
}

extension ProductCode {
    /// The code that a spreadsheet changed, or that is written in another way; nil if there is none, or if no
    /// correction is needed.
    static func corrected(
        _ content: Span<UInt8>, _ corrections: ProductCorrections
    ) -> (String, ProductCorrection)? {
        guard content.count <= SpreadsheetNumber.bytesMax else { return nil }
        let text = content.indices.map { content[$0] }
        if let whole = SpreadsheetNumber.integer(text) {
            let code =
                whole.count == 11 && corrections.contains(.restoreZeros)
                ? [UInt8(ascii: "0")] + whole : whole
            return (try? ProductCode(code.span)).map { ($0.text, .decimalPoint) }
        }
        guard text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        if text.count == 11, corrections.contains(.restoreZeros) {
            let code = [UInt8(ascii: "0")] + text
            return (try? ProductCode(code.span)).map { ($0.text, .restoredZero) }
        }
        if text.count == 8, corrections.contains(.expandUPCE), let code = UPCE.expanded(text) {
            // GS1 General Specifications, "GS1-8 Prefix": an EAN-8 that begins with 0 is a company's own. One
            // that begins with 1 can be a product's.
            let isEAN8 = text[0] != UInt8(ascii: "0") && (try? ProductCode(text.span)) != nil
            return isEAN8 ? nil : (code.text, .expandedUPCE)
        }
        return nil
    }
}

/// The UPC-A that a UPC-E abbreviates.
///
/// Source: GS1 General Specifications, "UPC-E: rules for expanding".
enum UPCE {
    /// - Parameter text: Eight digits.
    /// - Returns: nil if the number system is not 0 or 1, or the check digit is wrong.
    static func expanded(_ text: [UInt8]) -> ProductCode? {
        guard text.count == 8, text[0] == UInt8(ascii: "0") || text[0] == UInt8(ascii: "1") else {
            return nil
        }
        let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: 5)
        var code = text
        switch text[6] {
        case UInt8(ascii: "0")...UInt8(ascii: "2"):
            code.replaceSubrange(3...6, with: [text[6]] + zeros.prefix(4) + text[3...5])
        case UInt8(ascii: "3"): code.replaceSubrange(4...6, with: zeros + text[4...5])
        case UInt8(ascii: "4"): code.replaceSubrange(5...6, with: zeros + [text[5]])
        default: code.insert(contentsOf: zeros.prefix(4), at: 6)
        }
        return try? ProductCode(code.span)
    }
}

/// A code that a spreadsheet or a program wrote as a number.
enum SpreadsheetNumber {
    /// More than 14 digits, a point, decimals and an exponent have.
    static let bytesMax = 40

    /// The digits of `885909456017.0` or `8.85909456017E+11`; nil for another text, and for a rounded number.
    static func integer(_ text: [UInt8]) -> [UInt8]? {
        guard let parts = parts(text) else { return nil }
        let (whole, decimals, exponent) = parts
        guard let exponent else {
            return decimals.isEmpty || decimals.contains { $0 != UInt8(ascii: "0") } ? nil : whole
        }
        return whole.count == 1 && decimals.count == exponent ? whole + decimals : nil
    }

    /// Whether it is a number like `8.85909E+11`, without its last digits.
    static func isRounded(_ text: [UInt8]) -> Bool {
        guard let (whole, decimals, exponent) = parts(text), let exponent else { return false }
        return whole.count == 1 && decimals.count < exponent
    }

    private static func parts(
        _ text: [UInt8]
    ) -> (whole: [UInt8], decimals: [UInt8], exponent: Int?)? {
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        let whole = Array(text.prefix(while: isDigit))
        var rest = text[whole.count...]
        // Many countries write a comma.
        let hasPoint = rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ",")
        let decimals = hasPoint ? Array(rest.dropFirst().prefix(while: isDigit)) : []
        rest = rest.dropFirst(hasPoint ? decimals.count + 1 : 0)
        guard !whole.isEmpty, whole.count <= 14, decimals.count <= 14 else { return nil }
        if rest.isEmpty { return (whole, decimals, nil) }
        guard rest.first.map({ $0 | 0x20 }) == UInt8(ascii: "e") else { return nil }
        let digits = rest.dropFirst().drop { $0 == UInt8(ascii: "+") }
        guard (1...2).contains(digits.count), digits.allSatisfy(isDigit) else { return nil }
        return (whole, decimals, Int(String(decoding: digits, as: UTF8.self)))
    }
}

extension ASIN {
    /// The ASIN of the book with this ISBN; nil if it has none, or is an ASIN already.
    static func corrected(
        _ content: Span<UInt8>, _ corrections: ProductCorrections
    ) -> (String, ProductCorrection)? {
        guard corrections.contains(.isbnAsASIN), (try? ASIN(content)) == nil,
            let code = try? ProductCode(content), let asin = ASIN(isbn: code)
        else { return nil }
        return (asin.text, .isbnAsASIN)
    }

    /// The ISBN-10 of an ISBN-13. Only one that begins with 978 has it.
    init?(isbn: ProductCode) {
        let digits = Array(isbn.text.utf8)
        guard digits.count == 13, digits.starts(with: "978".utf8) else { return nil }
        let body = digits[3..<12]
        let number = body.reduce(UInt64(0)) { $0 * 10 + UInt64($1 & 0x0F) }
        let check = CheckDigit.character(CheckDigit.isbn10(of: number))
        let text = Array(body) + Array(String(check).utf8)
        try? self.init(text.span)
    }
}
