/// What an endpoint's products look like, and how people write them.
package enum ProductForm: String, Sendable, CaseIterable {
    case asin
    case code
    case query

    /// The one text by which the queue and the results know the product that `text` names: an ASIN in
    /// capitals, a code in its canonical digits, a query with single blanks.
    /// - Throws: An error whose description is a sentence for people that says what is wrong.
    package func product(_ text: String) throws -> String {
        let bytes = Array(text.utf8)
        let span = bytes.span
        return try product(span.extracting(span.withoutBlanks(0..<span.count)))
    }

    /// The same from UTF-8 without blanks at its ends.
    func product(_ content: Span<UInt8>) throws -> String {
        switch self {
        case .asin:
            do throws(ASIN.Flaw) {
                return try ASIN(content).text
            } catch .character where ProductAddress.isAddress(content) {
                return try ProductAddress.asin(in: content).text
            }
        case .code: return try ProductCode(content).text
        case .query: return try SearchQuery(content).text
        }
    }
}
