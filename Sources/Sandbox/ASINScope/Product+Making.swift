extension Product {
    /// Generates the product of this ASIN, always and everywhere the same one.
    init(asin: String) {
        self.init(
            asin: asin, title: nil, images: [], upc: nil, upcList: [], ean: nil, eanList: [])
        if asin.hasPrefix("B0UNKNOWN") { return }
        var chance = SplitMix64(seed: fnv1a(asin))
        title = Self.title(&chance)
        images = (0..<chance.below(9)).map { _ in Self.imageURL(&chance) }
        for _ in 0..<chance.below(4) {
            if chance.happens(0.6) {
                let code = Self.upc(&chance)
                upcList.append(code)
                eanList.append("0" + code)
            } else {
                eanList.append(Self.ean(&chance))
            }
        }
        if chance.happens(0.75) {
            upc = upcList.first
            ean = eanList.first
        }
    }

    /// Commas, quotes and letters beyond ASCII occur often enough to test a CSV writer.
    private static func title(_ chance: inout SplitMix64) -> String {
        let brand = chance.pick([
            "Philips", "La Roche-Posay", "Müller & Söhne", "Señorío", "無印良品", "Kärcher", "O'Neill",
            "Black+Decker",
        ])
        let article = chance.pick([
            "Vented Brush, Reinforced Bristles", "12\" Frying Pan, \"Pro\" Edition",
            "Lipikar AP+ Moisturizing Cream", "Crème brûlée Torch", "USB-C Cable",
            "Jalapeño Seeds, Organic", "Thermos ½ l", "Teapot 🫖 with Strainer",
        ])
        let detail = chance.pick(["", ", Pack of 2", " (Blue)", " – 400 ml", "; New & Improved"])
        return "\(brand) \(article)\(detail)"
    }

    /// An address in the format of the page's examples, with eleven characters for the image.
    private static func imageURL(_ chance: inout SplitMix64) -> String {
        let name = String(chance.next() | 1 << 63, radix: 36).suffix(9)
        return "https://m.media-amazon.com/images/I/\(chance.pick(["71", "81", "61"]))\(name).jpg"
    }

    /// Twelve digits that start with 6, as in the page's example.
    private static func upc(_ chance: inout SplitMix64) -> String {
        Barcode.complete([6] + (0..<10).map { _ in chance.below(10) })
    }

    /// Thirteen digits with a French, German or Dutch prefix: none that is also a UPC.
    private static func ean(_ chance: inout SplitMix64) -> String {
        let prefix = chance.pick([[3, 3, 3], [4, 0, 0], [8, 7, 1]])
        return Barcode.complete(prefix + (0..<9).map { _ in chance.below(10) })
    }
}
