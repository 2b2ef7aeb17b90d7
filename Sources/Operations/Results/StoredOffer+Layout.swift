internal import Providers
package import Storage

extension StoredOffer {
    /// One row per offer.
    ///
    /// - Parameter productName: `code` or `query`.
    package static func layout(_ productName: String) -> RowLayout<StoredOffer> {
        var columns: [(name: String, cell: (StoredOffer) -> Cell)] = [
            (productName, { .text($0.product) }), ("ean", { .text($0.ean) }),
            ("item_position", { .integer($0.itemPosition) }),
            ("position", { .integer($0.position) }),
        ]
        columns += OfferTerms.columns(title: "title").map { column in
            (column.name, { column.cell($0.terms) })
        }
        return RowLayout(
            columns: columns, heading: "EAN                 PRICE  " + OfferTerms.heading,
            line: { offer in
                TerminalText.excerpt(offer.ean ?? offer.product, 14).padding(to: 14) + "  "
                    + offer.terms.line
            })
    }
}

extension ASINOffer {
    /// One row per offer, and one for an ASIN that leads to none.
    package static var layout: RowLayout<ASINOffer> {
        var columns: [(name: String, cell: (ASINOffer) -> Cell)] = [
            ("asin", { .text($0.asin) }), ("asin_found", { .flag($0.isASINFound) }),
            ("title", { .text($0.title) }), ("code", { .text($0.code) }),
            ("code_found", { .flag($0.isCodeFound) }), ("ean", { .text($0.ean) }),
            ("item_title", { .text($0.itemTitle) }), ("brand", { .text($0.brand) }),
            ("model", { .text($0.model) }), ("category", { .text($0.category) }),
            ("position", { .integer($0.position) }),
        ]
        columns += OfferTerms.columns(title: "offer_title").map { column in
            (column.name, { $0.terms.map(column.cell) ?? .text(nil) })
        }
        return RowLayout(
            columns: columns,
            heading: "ASIN        CODE                PRICE  " + OfferTerms.heading,
            line: { link in
                let asin = TerminalText.safe(link.asin).padding(to: 10)
                let code = TerminalText.excerpt(link.code ?? "-", 14).padding(to: 14)
                return "\(asin)  \(code)  \(link.end)"
            })
    }
}

extension ASINOffer {
    /// The offer, or why there is none, for people.
    fileprivate var end: String {
        if let terms { return terms.line }
        if !isASINFound { return "the ASIN was not found" }
        if code == nil { return "its barcodes contain no code" }
        guard let isCodeFound else { return "not looked up yet" }
        guard isCodeFound else { return "the code was not found" }
        return "no offers for \(TerminalText.excerpt(itemTitle ?? "it", 50))"
    }
}

extension OfferTerms {
    fileprivate static let heading = "    CONDITION  MERCHANT              LINK"

    fileprivate static func columns(title: String) -> [(name: String, cell: (OfferTerms) -> Cell)] {
        [
            ("merchant", { .text($0.merchant) }), ("domain", { .text($0.domain) }),
            (title, { .text($0.title) }), ("currency", { .text($0.currency) }),
            ("list_price", { .number($0.listPrice) }), ("price", { .number($0.price) }),
            ("shipping", { .text($0.shipping) }), ("condition", { .text($0.condition) }),
            ("availability", { .text($0.availability) }), ("link", { .text($0.link) }),
            ("updated_seconds", { .integer($0.updatedSeconds.map { Int($0) }) }),
        ]
    }

    fileprivate var line: String {
        let amount = (price.map(HumanText.price) ?? "-").paddingLeft(to: 9)
        let money =
            amount + " "
            + TerminalText.excerpt(LowestPrices.currency(currency), 3)
        return "\(money)  \(TerminalText.excerpt(condition ?? "", 9).padding(to: 9))"
            + "  \(TerminalText.excerpt(merchant ?? domain ?? "", 20).padding(to: 20))"
            + "  \(TerminalText.safe(link ?? ""))"
    }
}
