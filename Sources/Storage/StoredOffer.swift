internal import GRDB

/// A shop's offer for an item: a row of the view `offer`.
///
/// Texts are as the provider sent them: an empty currency means USD, an empty availability that the item is
/// available.
package struct StoredOffer: Equatable, Sendable {
    /// The code or query of the request.
    package var product: String
    package var ean: String?
    /// The item's position in the answer, and the offer's position in the item, from 1 on.
    package var itemPosition: Int
    package var position: Int
    package var terms: OfferTerms
}

/// The path from an ASIN to one offer, or as far as it leads: a row of the view `chain`.
package struct ASINOffer: Equatable, Sendable {
    package var asin: String
    /// Whether the barcodes endpoint knows the ASIN.
    package var isASINFound: Bool
    package var title: String?
    /// The code in its barcodes.
    package var code: String?
    /// Whether the lookup endpoint knows the code; nil if it was not looked up yet.
    package var isCodeFound: Bool?
    package var ean: String?
    package var itemTitle: String?
    package var brand: String?
    package var model: String?
    package var category: String?
    /// The offer's position among those of the item, from 1 on; nil, like the terms, if there is no offer.
    package var position: Int?
    package var terms: OfferTerms?
}

/// The terms of an offer.
package struct OfferTerms: Equatable, Sendable {
    package var merchant: String?
    package var domain: String?
    package var title: String?
    package var currency: String?
    package var listPrice: Double?
    package var price: Double?
    package var shipping: String?
    package var condition: String?
    package var availability: String?
    package var link: String?
    /// Unix time, as the provider sent it.
    package var updatedSeconds: Int64?
}

extension OfferTerms {
    /// Casts the texts, because a provider may send a value of another type.
    static func columns(title: String) -> String {
        let texts = ["merchant", "domain", title, "currency"].map { "CAST(\($0) AS TEXT)" }
        let rest = ["shipping", "condition", "availability", "link"].map { "CAST(\($0) AS TEXT)" }
        return (texts + ["list_price", "price"] + rest + ["updated_seconds"])
            .joined(separator: ", ")
    }

    /// - Parameter first: The index of its first column.
    init(_ row: Row, at first: Int) {
        self.init(
            merchant: row[first], domain: row[first + 1], title: row[first + 2],
            currency: row[first + 3], listPrice: row[first + 4], price: row[first + 5],
            shipping: row[first + 6], condition: row[first + 7], availability: row[first + 8],
            link: row[first + 9], updatedSeconds: row[first + 10])
    }
}
