/// The codes of an item. Page, "Item": `ean`, `upc` and `gtin`.
///
/// They are compared as numbers: leading zeros do not change a code (GS1 General Specifications, "GTIN": all
/// lengths are one number of 14 digits). So an EAN-8 is recognized with any padding.
struct ItemCodes {
    private let ean: UInt64?
    private let upc: UInt64?
    private let gtin: UInt64?

    init(_ item: JSONSlice) {
        func code(_ name: String) -> UInt64? {
            item.member(name).flatMap {
                Self.number($0.string ?? String(decoding: $0.bytes, as: UTF8.self))
            }
        }
        ean = code("ean")
        upc = code("upc")
        gtin = code("gtin")
    }

    /// Whether one of them is the requested code.
    func include(_ asked: UInt64) -> Bool {
        [ean, upc, gtin].contains(asked)
    }

    /// Whether the item is the content of a package with this GTIN-14. Page: "The contained trade item's EAN
    /// or UPC can be derived from it", and the vendor knows items by their EAN. An item with the code of
    /// another package belongs to that one.
    func areContents(of gtin14: UInt64) -> Bool {
        guard let contained = ProductCode.contained(in: gtin14) else { return false }
        return (ean ?? upc) == contained && gtin.map { $0 == contained } ?? true
    }

    /// Digits, hyphens and blanks allowed between them; nil for anything else.
    static func number(_ text: String) -> UInt64? {
        let digits = text.filter { $0 != "-" && $0 != " " }
        let isNumber = digits.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
        return isNumber ? UInt64(digits) : nil
    }
}
