internal import GRDB

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
