/// The codes by which an item names itself. Page, "Item": `ean`, `upc` and `gtin`.
///
/// They are compared as numbers: zeros in front make no other code (GS1 General Specifications,
/// "GTIN": all lengths are one number of 14 digits). So an EAN-8 is known again however it is padded.
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

    /// Whether one of them is the code that was asked for.
    func include(_ asked: UInt64) -> Bool {
        [ean, upc, gtin].contains(asked)
    }

    /// Whether the item is what is in the package that a GTIN-14 stands for. Page: "The contained trade
    /// item's EAN or UPC can be derived from it", and the EAN is what the vendor knows items by. An item
    /// that names another package is that one's.
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
