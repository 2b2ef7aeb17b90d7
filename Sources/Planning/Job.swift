/// A job that a call may take, or has taken: one product at one endpoint.
package struct Job: Hashable, Sendable {
    package var id: Int64
    package var product: String
    /// 0 to 9, 0 first. 0 does not linger.
    package var priority: Int
    package var enqueuedAt: Timestamp
    package var failures: Int
    package var snoozes: Int
    /// No batch that this job is in may be larger.
    package var batchLimit: Int
    /// The last call that took it.
    package var lastCallID: Int64?
    /// If an answer has several pages, each is a call of its own: how many have arrived, how many to fetch at
    /// most, and the offset of the next one in the provider's count.
    package var pagesDone: Int
    package var pagesMax: Int
    package var pageOffset: Int
    /// The age up to which an existing answer about the code that this answer leads to saves its lookup; nil:
    /// no lookup.
    package var lookupMaxAge: Duration?

    package init(
        id: Int64, product: String, priority: Int = 5,
        enqueuedAt: Timestamp = Timestamp(milliseconds: 0), failures: Int = 0, snoozes: Int = 0,
        batchLimit: Int = 100, lastCallID: Int64? = nil, pagesDone: Int = 0, pagesMax: Int = 1,
        pageOffset: Int = 0, lookupMaxAge: Duration? = nil
    ) {
        self.id = id
        self.product = product
        self.priority = priority
        self.enqueuedAt = enqueuedAt
        self.failures = failures
        self.snoozes = snoozes
        self.batchLimit = batchLimit
        self.lastCallID = lastCallID
        self.pagesDone = pagesDone
        self.pagesMax = pagesMax
        self.pageOffset = pageOffset
        self.lookupMaxAge = lookupMaxAge
    }
}
