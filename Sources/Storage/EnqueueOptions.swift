package import Planning

/// How to enqueue products.
package struct EnqueueOptions: Equatable, Sendable {
    /// 0 to 9, 0 first.
    package var priority: Int
    package var label: String?
    /// The only account that may take the job; nil: any shared one.
    package var account: String?
    package var notBefore: Timestamp?
    /// A product with a result at least as recent as this is not enqueued.
    package var freshSince: Timestamp?
    /// If an answer has pages: how many to fetch at most, 1 to 100.
    package var pages: Int
    /// If an answer leads to another endpoint: its product is looked up there, unless it was looked up within
    /// this time; nil: it is not.
    package var thenLookup: Duration?

    package init(
        priority: Int = 5, label: String? = nil, account: String? = nil,
        notBefore: Timestamp? = nil,
        freshSince: Timestamp? = nil, pages: Int = 2, thenLookup: Duration? = nil
    ) {
        self.priority = priority
        self.label = label
        self.account = account
        self.notBefore = notBefore
        self.freshSince = freshSince
        self.pages = pages
        self.thenLookup = thenLookup
    }
}
