package import Planning

extension EndpointReference {
    /// Those of all providers.
    package static let all = [
        EndpointReference(
            name: ASINScope.images, provider: ASINScope.provider, productForm: "asin"),
        EndpointReference(
            name: ASINScope.barcodes, provider: ASINScope.provider, productForm: "asin",
            leadsTo: UPCitemdb.lookup),
        EndpointReference(
            name: UPCitemdb.lookup, provider: UPCitemdb.provider, productForm: "code"),
        EndpointReference(
            name: UPCitemdb.search, provider: UPCitemdb.provider, productForm: "query",
            hasPages: true),
    ]
}
