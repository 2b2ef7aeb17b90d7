/// What the database knows of an endpoint: its row in the reference table, by which rows of other programs
/// are checked.
package struct EndpointReference: Equatable, Sendable {
    package var name: String
    package var provider: String
    /// `asin`, `code` or `query`.
    package var productForm: String
    /// Whether an answer has pages, each of which is a call.
    package var hasPages: Bool
    /// The endpoint that an answer leads to.
    package var leadsTo: String?

    package init(
        name: String, provider: String, productForm: String, hasPages: Bool = false,
        leadsTo: String? = nil
    ) {
        self.name = name
        self.provider = provider
        self.productForm = productForm
        self.hasPages = hasPages
        self.leadsTo = leadsTo
    }
}
