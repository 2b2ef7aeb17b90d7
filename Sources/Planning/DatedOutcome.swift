/// How a call ended, with the instants that are known of its request and its reply when it is settled.
package struct DatedOutcome: Hashable, Sendable {
    package var outcome: CallOutcome
    /// What the server's clock said with its reply, cut to the second; nil where no reply came, or one
    /// without a date.
    package var serverAt: Timestamp?
    /// When the request left, by our clock; nil where no reply came.
    package var sentAt: Timestamp?

    package init(_ outcome: CallOutcome, serverAt: Timestamp? = nil, sentAt: Timestamp? = nil) {
        self.outcome = outcome
        self.serverAt = serverAt
        self.sentAt = sentAt
    }
}
