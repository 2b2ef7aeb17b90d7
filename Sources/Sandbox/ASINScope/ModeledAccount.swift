/// The permitted keys and endpoints.
package struct ModeledAccount: Sendable, Equatable {
    /// Any other key gets a 401.
    package var keys: Set<String>
    /// Any other endpoint gets a 403.
    package var endpoints: Set<SandboxEndpoint>

    package init(
        keys: Set<String> = ["sandbox"],
        endpoints: Set<SandboxEndpoint> = Set(SandboxEndpoint.allCases)
    ) {
        self.keys = keys
        self.endpoints = endpoints
    }
}

/// The two calls of the Circana account. The raw value is the path.
package enum SandboxEndpoint: String, CaseIterable, Sendable {
    case images = "/circana/images"
    case barcodes = "/circana/barcodes"

    /// Tokens of a call with N products. Page, "Token Counting": images cost one token a product, barcodes
    /// are rounded up to the next ten.
    func tokens(products: Int) -> Int {
        switch self {
        case .images: products
        case .barcodes: (products + 9) / 10 * 10
        }
    }
}
