/// How a call ended, with the instants of its request and its reply that are known when it is settled.
package struct DatedOutcome: Hashable, Sendable {
    package var outcome: CallOutcome
    /// The time of the server's clock in its reply, cut to the second; nil without a reply, or if it has no
    /// date.
    package var serverAt: Timestamp?
    /// When the request left, by our clock; nil without a reply.
    package var sentAt: Timestamp?

    package init(_ outcome: CallOutcome, serverAt: Timestamp? = nil, sentAt: Timestamp? = nil) {
        self.outcome = outcome
        self.serverAt = serverAt
        self.sentAt = sentAt
    }
}
