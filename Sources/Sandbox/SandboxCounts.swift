/// The books of both models, as one flat object: what `/sandbox/counts` gives. ``Counts`` and
/// ``UPCitemdbCounts`` can each be read from it.
package struct SandboxCounts: Encodable, Sendable {
    var asinscope: Counts
    var upcitemdb: UPCitemdbCounts

    package func encode(to encoder: any Encoder) throws {
        try asinscope.encode(to: encoder)
        try upcitemdb.encode(to: encoder)
    }
}
