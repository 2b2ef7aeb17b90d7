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
