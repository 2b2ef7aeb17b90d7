/// One call that a model charged, even if its reply was lost: `/sandbox/calls` lists them in the order in
/// which they were charged, so that a client's ledger can be compared with them call by call.
package struct ChargedCall: Codable, Equatable, Sendable {
    /// The path alone, such as `/circana/images`.
    package var path: String
    /// The ASINs, codes or query of the request, in its order.
    package var products: [String]
    package var tokens: Int
    /// When the server charged it, in milliseconds since 1970.
    package var chargedAtMilliseconds: Int64
}
