/// What an answer about barcodes leads to.
package enum BarcodeAnswer {
    /// The code of the product that a stored item is about, as a lookup takes it: the primary ones first,
    /// then the lists', EAN before UPC, passing over what is no code. nil where there is none.
    package static func code(in body: String) -> String? {
        guard let item = try? JSONBody.object(in: Array(body.utf8)) else { return nil }
        return code(of: item)
    }

    static func code(of item: JSONSlice) -> String? {
        let primary = ["ean", "upc"].compactMap { item.member($0)?.string }
        let listed = ["eanList", "upcList"].flatMap {
            item.member($0)?.elements?.compactMap(\.string) ?? []
        }
        return (primary + listed).lazy.compactMap(canonical).first
    }

    /// Digits alone, without the blanks and hyphens that people write.
    private static func canonical(_ text: String) -> String? {
        guard [8, 12, 13, 14].contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return try? ProductForm.code.product(text)
    }
}
