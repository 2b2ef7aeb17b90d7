/// The counts of all models in one flat JSON object, which `/sandbox/counts` returns. Each model's own counts
/// can be decoded from it.
package struct SandboxCounts: Encodable, Sendable {
    let models: [any SandboxModel]

    package func encode(to encoder: any Encoder) throws {
        for model in models { try model.encodeCounts(to: encoder) }
    }
}
