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
