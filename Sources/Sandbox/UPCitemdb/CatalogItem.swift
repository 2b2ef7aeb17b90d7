/// UPCitemdb's catalog entry for one code. Nothing is stored: the code itself determines every field.
struct CatalogItem {
    /// A shop's offer for the item.
    struct Offer {
        var merchant: String
        var domain: String
        var title: String
        var currency: String
        /// Null is written as an empty text, as on the page.
        var listPriceCents: Int64?
        var priceCents: Int64
        var shipping: String
        var condition: String
        var availability: String
        var updatedSeconds: Int64
    }

    var ean: String
    var upc: String?
    /// The GTIN-14 of the request, if it was one.
    var gtin: String?
    var title: String
    var elid: String?
    var description: String
    var brand: String
    var model: String
    var color: String
    var size: String
    var dimension: String
    var weight: String
    var category: String
    var currency: String
    /// Null for books, of which the vendor tracks no prices.
    var recordedPricesCents: ClosedRange<Int64>?
    var images: [String]
    var offers: [Offer]
    /// Not among the page's fields, but in real replies.
    var asin: String

    /// The item in the page's order of fields.
    func json(userData: String?) -> ModeledJSONText {
        .object([
            "ean": .text(ean), "title": .text(title), "upc": upc.map(ModeledJSONText.text),
            "gtin": gtin.map(ModeledJSONText.text), "elid": elid.map(ModeledJSONText.text),
            "description": .text(description), "brand": .text(brand), "model": .text(model),
            "color": .text(color), "size": .text(size), "dimension": .text(dimension),
            "weight": .text(weight), "category": .text(category),
            "currency": .text(currency),
            "lowest_recorded_price": (recordedPricesCents?.lowerBound).map(
                ModeledJSONText.hundredths),
            "highest_recorded_price": (recordedPricesCents?.upperBound).map(
                ModeledJSONText.hundredths),
            "images": .texts(images), "offers": .list(offers.map { $0.json(ean: ean) }),
            "asin": .text(asin), "user_data": userData.map(ModeledJSONText.text),
        ])
    }
}

extension CatalogItem.Offer {
    fileprivate func json(ean: String) -> ModeledJSONText {
        .object([
            "merchant": .text(merchant), "domain": .text(domain), "title": .text(title),
            "currency": .text(currency),
            "list_price": listPriceCents.map(ModeledJSONText.hundredths) ?? .text(""),
            "price": .hundredths(priceCents), "shipping": .text(shipping),
            "condition": .text(condition), "availability": .text(availability),
            "link": .text("https://www.\(domain)/item/\(ean)"),
            "updated_t": .number(updatedSeconds),
        ])
    }
}
