extension Decoder {
    /// A field that is misspelt would go unnoticed otherwise: `dryrun` would change jobs.
    /// - Throws: `OperationError.badRequest` for an object with another field.
    package func requireFields(_ known: [String]) throws {
        for key in try container(keyedBy: AnyKey.self).allKeys
        where !known.contains(key.stringValue) {
            let nearest = Spelling.nearest(to: key.stringValue, among: known)
            throw OperationError(
                .badRequest,
                "There is no field \(TerminalText.excerpt(key.stringValue, 60)).\nTry: use \(nearest ?? known.joined(separator: ", "))."
            )
        }
    }
}

private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
