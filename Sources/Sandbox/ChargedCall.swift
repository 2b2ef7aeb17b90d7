/// One call that a model charged, whatever became of its reply: `/sandbox/calls` lists them in the order
/// in which they were charged, so that a client's ledger can be held against them call by call.
package struct ChargedCall: Codable, Equatable, Sendable {
    /// The path alone, such as `/circana/images`.
    package var path: String
    /// The ASINs, codes or query asked about, in the request's order.
    package var products: [String]
    package var tokens: Int
    /// When the server charged it, in milliseconds since 1970.
    package var chargedAtMilliseconds: Int64
}
