internal import GRDB

extension Store {
    /// Passes each offer of a lookup's or search's result to `body`, in the order of the products, items and
    /// offers: one at a time, however many there are.
    ///
    /// - Parameters:
    ///   - endpoint: `lookup` or `search`.
    ///   - products: Only the offers of these, in this order; empty for all.
    package func offers(
        at endpoint: String, products: [String], _ body: (StoredOffer) throws -> Void
    ) throws {
        let columns = """
            offer.product, CAST(ean AS TEXT), item_position, position, \(OfferTerms.columns(title: "title"))
            """
        try read { db in
            func give(_ row: Row) throws {
                try body(
                    StoredOffer(
                        product: row[0], ean: row[1], itemPosition: row[2], position: row[3],
                        terms: OfferTerms(row, at: 4)))
            }
            // Within a product the view has the offers in the order of the provider's arrays.
            if products.isEmpty {
                try db.each(
                    "SELECT \(columns) FROM offer WHERE endpoint = ? ORDER BY offer.product",
                    [endpoint], give)
            } else {
                // One after the other: the rows are then in this order, and nothing is sorted.
                for product in products {
                    try db.each(
                        "SELECT \(columns) FROM offer WHERE endpoint = ? AND product = ?",
                        [endpoint, product], give)
                }
            }
        }
    }

    /// Passes the paths from each ASIN with a barcodes result to offers to `body`: one link for each offer,
    /// and one if the path ends earlier. One at a time, in the order of the ASINs and offers.
    ///
    /// - Parameter asins: Only the paths of these, in this order; empty for all.
    package func chain(_ asins: [String], _ body: (ASINOffer) throws -> Void) throws {
        let columns = """
            asin, asin_found, CAST(title AS TEXT), code, code_found, CAST(ean AS TEXT), \
            CAST(item_title AS TEXT), CAST(brand AS TEXT), CAST(model AS TEXT), \
            CAST(category AS TEXT), position, \(OfferTerms.columns(title: "offer_title"))
            """
        try read { db in
            func give(_ row: Row) throws {
                let position: Int? = row[10]
                try body(
                    ASINOffer(
                        asin: row[0], isASINFound: row[1], title: row[2], code: row[3],
                        isCodeFound: row[4], ean: row[5], itemTitle: row[6], brand: row[7],
                        model: row[8], category: row[9], position: position,
                        terms: position.map { _ in OfferTerms(row, at: 11) }))
            }
            if asins.isEmpty {
                try db.each("SELECT \(columns) FROM chain ORDER BY asin", [], give)
            } else {
                for asin in asins {
                    try db.each("SELECT \(columns) FROM chain WHERE asin = ?", [asin], give)
                }
            }
        }
    }
}
