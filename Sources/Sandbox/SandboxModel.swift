/// A provider's server as its pages describe it: limits, prices and replies, without a clock or a socket.
/// Two models with the same settings and seed answer the same requests with the same bytes.
package protocol SandboxModel: Sendable {
    /// The prefix of every path that the model answers: `/v1/`.
    var pathPrefix: String { get }
    /// The path of its endpoints, without a slash at the end.
    var root: String { get }
    /// A key that it accepts; empty if it requires none.
    var key: String { get }
    /// May be changed between calls; setting it makes a `huge` body due again.
    var faults: Faults { get set }
    /// The tokens of all charged calls.
    var tokensCharged: Int { get }
    /// The tokens left at `now` in its only daily pool; nil if it has several pools, or if its documentation
    /// does not say when a day begins.
    func dayTokensLeft(atMilliseconds now: Int64) -> Int?
    /// The reply to every request while the server rejects all of them, as during an upgrade.
    var rejection: SandboxReply { get }

    /// Answers one request at `now`, in milliseconds since 1970 UTC. The server's time never runs
    /// backwards: a `now` before an earlier one counts as that one.
    mutating func handle(_ request: SandboxRequest, atMilliseconds now: Int64) -> SandboxReply
    /// The products of a request, in its order.
    func products(in request: SandboxRequest) -> [String]
    /// When the latest block of the endpoint at `path` ends, in milliseconds since 1970; nil if it was never
    /// blocked.
    func awayUntil(path: String) -> Int64?
    /// Encodes its counts into the object of `/sandbox/counts`.
    func encodeCounts(to encoder: any Encoder) throws
}

extension SandboxModel {
    package func dayTokensLeft(atMilliseconds now: Int64) -> Int? { nil }
}

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

/// The counts of all models in one flat JSON object, which `/sandbox/counts` returns. Each model's own counts
/// can be decoded from it.
package struct SandboxCounts: Encodable, Sendable {
    let models: [any SandboxModel]

    package func encode(to encoder: any Encoder) throws {
        for model in models { try model.encodeCounts(to: encoder) }
    }
}
