extension CatalogItem {
    /// Generates the item of this code, always and everywhere the same one.
    init(_ code: Barcode) {
        var chance = SplitMix64(seed: fnv1a(code.ean))
        let brand = chance.pick(["Philips", "Müller & Söhne", "無印良品", "Kärcher", "O'Neill", ""])
        let article = chance.pick([
            "Vented Brush, Reinforced Bristles", "12\" Frying Pan, \"Pro\" Edition",
            "Crème brûlée Torch", "USB-C Cable", "Teapot 🫖 with Strainer",
        ])
        let title = brand.isEmpty ? article : "\(brand) \(article)"
        let lowest = Int64(chance.below(20_000) + 99)
        let highest = lowest + Int64(chance.below(5_000))
        self.init(
            ean: code.ean, upc: code.upc, gtin: code.gtin, title: title,
            elid: chance.happens(0.4) ? "1\(Self.digits(11, &chance))" : nil,
            description: chance.pick(["", "\(title). Dishwasher safe.\nMade to last."]),
            brand: brand,
            model: chance.pick(["", "TMV-\(Self.digits(3, &chance))"]),
            color: chance.pick(["", "Blue", "Ébène"]),
            size: chance.pick(["", "XL", "10 ½"]),
            dimension: chance.pick(["", "3.5 X 2 X 1.25 inches"]),
            weight: chance.pick(["", "0.4 Pounds"]),
            category: code.isBook
                ? "Media > Books"
                : chance.pick(["", "Home & Garden > Kitchen & Dining > Kitchen Tools & Utensils"]),
            currency: chance.pick(["", "USD", "CAD", "EUR", "GBP", "SEK"]),
            recordedPricesCents: code.isBook ? nil : lowest...highest,
            images: (0..<chance.below(4)).map { number in
                "https://images.example.com/\(code.ean)/\(number + 1).jpg"
            },
            offers: [], asin: "B0" + Self.digits(8, &chance))
        offers = (0..<chance.below(5)).map { _ in
            Offer(title: title, around: lowest...highest, &chance)
        }
    }

    fileprivate static func digits(_ count: Int, _ chance: inout SplitMix64) -> String {
        (0..<count).map { _ in String(chance.below(10)) }.joined()
    }
}

extension CatalogItem.Offer {
    /// 2024-01-01 00:00 UTC: offers were last seen within two years from then.
    private static let earliestSeconds: Int64 = 1_704_067_200

    fileprivate init(
        title: String, around prices: ClosedRange<Int64>, _ chance: inout SplitMix64
    ) {
        let shop = chance.pick(["Wal-Mart.com", "Target", "Ålens Hem, AB", "Newegg"])
        let price =
            prices.lowerBound + Int64(chance.below(Int(prices.upperBound - prices.lowerBound) + 1))
        self.init(
            merchant: shop,
            domain: "shop\(chance.below(10)).example.com",
            title: title + chance.pick(["", ", New", " – Open Box"]),
            currency: chance.pick(["", "CAD", "EUR"]),
            listPriceCents: chance.happens(0.5) ? price + 500 : nil,
            priceCents: price,
            shipping: chance.pick(["Free Shipping", "5.99", ""]),
            condition: chance.pick(["New", "Used"]),
            availability: chance.pick(["", "Out of Stock"]),
            updatedSeconds: Self.earliestSeconds + Int64(chance.below(2 * 365 * 86_400)))
    }
}
