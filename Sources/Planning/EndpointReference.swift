/// An endpoint's row in the database's reference table, which the schema compares the rows of other programs
/// with.
package struct EndpointReference: Equatable, Sendable {
    package var name: String
    package var provider: String
    /// `asin`, `code`, `query`, or a form that the schema checks by its pattern.
    package var productForm: String
    /// The GLOB pattern of its products; nil if the schema has rules for the form.
    package var productPattern: String?
    /// Whether an answer has pages, each of which is a call.
    package var hasPages: Bool
    /// The endpoint that an answer leads to.
    package var leadsTo: String?

    package init(
        name: String, provider: String, productForm: String, productPattern: String? = nil,
        hasPages: Bool = false, leadsTo: String? = nil
    ) {
        self.name = name
        self.provider = provider
        self.productForm = productForm
        self.productPattern = productPattern
        self.hasPages = hasPages
        self.leadsTo = leadsTo
    }
}
