/// The books of all models, as one flat object: what `/sandbox/counts` gives. Each model's own can be read
/// from it.
package struct SandboxCounts: Encodable, Sendable {
    let models: [any SandboxModel]

    package func encode(to encoder: any Encoder) throws {
        for model in models { try model.encodeCounts(to: encoder) }
    }
}
