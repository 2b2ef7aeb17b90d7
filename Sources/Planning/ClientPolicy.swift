/// How a provider wants its clients to call, next to its limits. The default suits a provider that says
/// nothing about it: one call at a time at each endpoint.
package struct ClientPolicy: Hashable, Sendable {
    /// How many calls an endpoint may have in flight, 1 or more: each has a slot of its own.
    package var callsInFlight: Int
    /// The provider accepts one connection: while a call is in flight at one of the account's endpoints, the
    /// account makes none at another.
    package var isOneConnection: Bool
    /// A refusal for calling too fast holds back all of the account's endpoints until its block is over.
    package var sharesBlocks: Bool
    /// Whether a call that was refused (400, 429) counts as charged.
    package var chargesRefusals: Bool
    /// How long to wait, at first, after a refusal that gives no time.
    package var defaultRetryAfter: Duration

    package init(
        callsInFlight: Int = 1, isOneConnection: Bool = false, sharesBlocks: Bool = false,
        chargesRefusals: Bool = false, defaultRetryAfter: Duration = .seconds(1)
    ) {
        precondition(callsInFlight >= 1)
        self.callsInFlight = callsInFlight
        self.isOneConnection = isOneConnection
        self.sharesBlocks = sharesBlocks
        self.chargesRefusals = chargesRefusals
        self.defaultRetryAfter = defaultRetryAfter
    }

    /// The permitted values of `callsInFlight`: the forecast and the audit keep a state for each slot.
    package static let callsInFlightRange = 1...64

    /// The slots of an endpoint.
    package var slots: Range<Int> { 0..<callsInFlight }
}
