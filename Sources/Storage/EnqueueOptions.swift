package import Planning

/// How products are to be enqueued.
package struct EnqueueOptions: Equatable, Sendable {
    /// 0 to 9, 0 first.
    package var priority: Int
    package var label: String?
    package var notBefore: Timestamp?
    /// A product with a result at least as recent as this is not asked again.
    package var freshSince: Timestamp?
    /// Of a search: how many pages to fetch at most, 1 to 100.
    package var pages: Int
    /// Of barcodes: the code that the answer leads to is looked up, unless that was done within so
    /// long a time; nil: it is not.
    package var thenLookUp: Duration?

    package init(
        priority: Int = 5, label: String? = nil, notBefore: Timestamp? = nil,
        freshSince: Timestamp? = nil, pages: Int = 2, thenLookUp: Duration? = nil
    ) {
        self.priority = priority
        self.label = label
        self.notBefore = notBefore
        self.freshSince = freshSince
        self.pages = pages
        self.thenLookUp = thenLookUp
    }
}
