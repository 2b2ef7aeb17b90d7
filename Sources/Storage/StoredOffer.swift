internal import GRDB

/// What a shop asks for an item, as the view `offer` has it.
///
/// Texts are as the provider gave them: an empty currency means USD, an empty availability that there
/// is some.
package struct StoredOffer: Equatable, Sendable {
    /// The code or query that was asked about.
    package var product: String
    package var ean: String?
    /// Of the item among those of the answer, and of the offer among those of the item, from 1 on.
    package var itemPosition: Int
    package var position: Int
    package var deal: Deal
}

/// The terms of an offer.
package struct Deal: Equatable, Sendable {
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
    /// Unix time, as the provider gave it.
    package var updatedSeconds: Int64?
}

/// From an ASIN to one offer, or as far as the way goes, as the view `chain` has it.
package struct ChainLink: Equatable, Sendable {
    package var asin: String
    /// Whether the barcodes endpoint knows the ASIN.
    package var isASINFound: Bool
    package var title: String?
    /// The code that its barcodes lead to.
    package var code: String?
    /// Whether the lookup endpoint knows the code; nil where it was not asked yet.
    package var isCodeFound: Bool?
    package var ean: String?
    package var itemTitle: String?
    package var brand: String?
    package var model: String?
    package var category: String?
    /// Of the offer among those of the item, from 1 on; nil, as the deal is, where there is none.
    package var position: Int?
    package var deal: Deal?
}

extension Deal {
    /// Whatever the provider sent comes as the type that its column has.
    static func columns(title: String) -> String {
        let texts = ["merchant", "domain", title, "currency"].map { "CAST(\($0) AS TEXT)" }
        let rest = ["shipping", "condition", "availability", "link"].map { "CAST(\($0) AS TEXT)" }
        return (texts + ["list_price", "price"] + rest + ["updated_seconds"])
            .joined(separator: ", ")
    }

    /// - Parameter first: Where its columns begin.
    init(_ row: Row, at first: Int) {
        self.init(
            merchant: row[first], domain: row[first + 1], title: row[first + 2],
            currency: row[first + 3], listPrice: row[first + 4], price: row[first + 5],
            shipping: row[first + 6], condition: row[first + 7], availability: row[first + 8],
            link: row[first + 9], updatedSeconds: row[first + 10])
    }
}
