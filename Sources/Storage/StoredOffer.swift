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
