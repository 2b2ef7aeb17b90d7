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
