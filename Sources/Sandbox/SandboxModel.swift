/// A provider's server as its pages describe it: limits, prices and replies, without a clock or a socket.
/// Two models with the same settings and seed answer the same requests with the same bytes.
package protocol SandboxModel: Sendable {
    /// What all paths that are its business begin with: `/v1/`.
    var pathPrefix: String { get }
    /// Where its endpoints are, without a slash at the end.
    var root: String { get }
    /// A key that it accepts; empty where none is asked for.
    var key: String { get }
    /// May be changed between calls; setting it makes a `huge` body due again.
    var faults: Faults { get set }
    /// Tokens of all calls that it charged.
    var tokensCharged: Int { get }
    /// Calls that came during a block and made it longer.
    var extendedBlocks: Int { get }
    /// What is left at `now` of the day's tokens of its one pool; nil where it has several, or where its pages
    /// do not say when a day begins.
    func dayTokensLeft(atMilliseconds now: Int64) -> Int?
    /// Its answer to a request that it rejects whatever it asks for, as during an upgrade.
    var rejection: SandboxReply { get }

    /// Answers one request at `now`, in milliseconds since 1970 UTC. The server's time never runs
    /// backwards: a `now` before an earlier one counts as that one.
    mutating func handle(_ request: SandboxRequest, atMilliseconds now: Int64) -> SandboxReply
    /// The products that a request asks about, in its order.
    func products(in request: SandboxRequest) -> [String]
    /// Until when the endpoint at `path` was told to stay away, in milliseconds since 1970; nil where it
    /// never was.
    func awayUntil(path: String) -> Int64?
    /// Writes its book into the object of `/sandbox/counts`.
    func encodeCounts(to encoder: any Encoder) throws
}

extension SandboxModel {
    package var extendedBlocks: Int { 0 }
    package func dayTokensLeft(atMilliseconds now: Int64) -> Int? { nil }
}
