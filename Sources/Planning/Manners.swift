/// What a server asks of its clients beside its limits. The default is a server that asks nothing.
package struct Manners: Hashable, Sendable {
    /// The provider sees one client: while a call is under way at one of its endpoints none is made at
    /// another, and one that went too fast keeps all of them away until its block is over.
    package var isOneClient: Bool
    /// Whether a call that was refused (400, 429) is held to be charged.
    package var chargesRefusals: Bool
    /// How long to stay away, at first, after a refusal that says no time.
    package var pauseUntold: Duration

    package init(
        isOneClient: Bool = false, chargesRefusals: Bool = false,
        pauseUntold: Duration = .seconds(1)
    ) {
        self.isOneClient = isOneClient
        self.chargesRefusals = chargesRefusals
        self.pauseUntold = pauseUntold
    }
}
