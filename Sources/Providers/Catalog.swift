package import Planning

/// Every provider that asinqd supports. Code that needs all providers or all endpoints iterates over it: a
/// further provider is one more definition in `standard`.
package struct Catalog: Sendable {
    package let providers: [ProviderDefinition]

    package init(providers: [ProviderDefinition]) {
        self.providers = providers
    }

    package static let standard = Catalog(providers: [
        ASINScope.definition, UPCitemdb.definition,
    ])

    /// The catalog in force. A test that has a provider of its own sets another one for its task.
    @TaskLocal package static var current = standard

    /// All endpoints, provider by provider. Their names are unique.
    package var endpoints: [EndpointDefinition] { providers.flatMap(\.endpoints) }

    /// Their rows in the database's reference table.
    package var references: [EndpointReference] {
        providers.flatMap { provider in
            provider.endpoints.map {
                EndpointReference(
                    name: $0.name, provider: provider.name, productForm: $0.form.name,
                    productPattern: $0.form.pattern, hasPages: $0.hasPages, leadsTo: $0.leadsTo)
            }
        }
    }

    /// The forms of their products, each form once.
    package var forms: [ProductForm] {
        endpoints.map(\.form).reduce(into: []) { forms, form in
            if !forms.contains(form) { forms.append(form) }
        }
    }

    package func endpoint(named name: String) -> EndpointDefinition? {
        endpoints.first { $0.name == name }
    }

    package func provider(named name: String) -> ProviderDefinition? {
        providers.first { $0.name == name }
    }

    package func provider(ofEndpoint name: String) -> ProviderDefinition? {
        providers.first { $0.endpoints.contains { $0.name == name } }
    }
}
