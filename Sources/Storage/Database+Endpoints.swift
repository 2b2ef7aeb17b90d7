internal import GRDB
internal import Planning

extension Database {
    /// Updates the reference table to the program's endpoints. Other rows stay.
    func write(_ endpoints: [EndpointReference]) throws {
        let known = try endpointReferences()
        for endpoint in endpoints where !known.contains(endpoint) {
            try execute(
                sql: """
                    INSERT INTO endpoint (name, provider, product_form, product_pattern, has_pages, leads_to)
                    VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET provider = excluded.provider,
                        product_form = excluded.product_form,
                        product_pattern = excluded.product_pattern, has_pages = excluded.has_pages,
                        leads_to = excluded.leads_to
                    """,
                arguments: [
                    endpoint.name, endpoint.provider, endpoint.productForm, endpoint.productPattern,
                    endpoint.hasPages, endpoint.leadsTo,
                ])
        }
    }

    func endpointReferences() throws -> [EndpointReference] {
        try all(
            cachedStatement(
                sql: """
                    SELECT name, provider, product_form, product_pattern, has_pages, leads_to FROM endpoint
                    """), []
        ) {
            EndpointReference(
                name: $0[0], provider: $0[1], productForm: $0[2], productPattern: $0[3],
                hasPages: $0[4], leadsTo: $0[5])
        }
    }

    /// - Throws: `StoreError.unknownEndpoint`
    func endpointReference(_ name: String) throws -> EndpointReference {
        guard let found = try endpointReferences().first(where: { $0.name == name }) else {
            throw StoreError.unknownEndpoint(name)
        }
        return found
    }
}
