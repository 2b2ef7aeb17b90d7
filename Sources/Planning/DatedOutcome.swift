/// How a call ended, and the time on the server's clock: all that is known of a reply when it is settled.
package struct DatedOutcome: Hashable, Sendable {
    package var outcome: CallOutcome
    /// What the server's clock said with its reply, cut to the second; nil where no reply came, or one
    /// without a date.
    package var serverAt: Timestamp?

    package init(_ outcome: CallOutcome, serverAt: Timestamp? = nil) {
        self.outcome = outcome
        self.serverAt = serverAt
    }
}
