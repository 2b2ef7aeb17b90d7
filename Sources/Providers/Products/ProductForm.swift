/// The format of an endpoint's products, how people write them, and what messages call them. Forms are equal
/// if their names are.
package struct ProductForm: Sendable {
    /// As in the database's table `endpoint`; also the field of the product in the JSON of results.
    package let name: String
    /// The noun with its article, for people: `an ASIN`.
    package let one: String
    package let plural: String
    package let example: String
    /// The width of a column of them.
    package let width: Int
    /// The GLOB pattern by which the database checks other programs' rows; nil if the schema has rules
    /// for the form.
    package let pattern: String?
    /// Whether a whole line of an input file is a product, so that quotes and a `#` after its beginning are
    /// part of it.
    package let isWholeLine: Bool
    private let parse: @Sendable (Span<UInt8>) throws -> String

    /// - Parameter parse: Gets UTF-8 without blanks at its ends, and returns the canonical text of the
    ///   product in the queue and the results. It throws an error whose description is a sentence for people.
    package init(
        name: String, one: String, plural: String, example: String, width: Int, pattern: String?,
        isWholeLine: Bool = false, parse: @escaping @Sendable (Span<UInt8>) throws -> String
    ) {
        self.name = name
        self.one = one
        self.plural = plural
        self.example = example
        self.width = width
        self.pattern = pattern
        self.isWholeLine = isWholeLine
        self.parse = parse
    }

    /// The noun without its article: `ASIN`.
    package var noun: String { one.split(separator: " ").dropFirst().joined(separator: " ") }

    /// The canonical text, in the queue and the results, of the product that `text` names: an ASIN in
    /// capitals, a code in its canonical digits, a query with single blanks.
    /// - Throws: An error whose description is a sentence for people that says what is wrong.
    package func product(_ text: String) throws -> String {
        let bytes = Array(text.utf8)
        let span = bytes.span
        return try product(span.extracting(span.withoutBlanks(0..<span.count)))
    }

    /// The same from UTF-8 without blanks at its ends.
    func product(_ content: Span<UInt8>) throws -> String { try parse(content) }
}

extension ProductForm: Hashable {
    package static func == (first: ProductForm, second: ProductForm) -> Bool {
        first.name == second.name
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension ProductForm: CustomStringConvertible {
    package var description: String { name }
}

extension ProductForm {
    package static let asin = ProductForm(
        name: "asin", one: "an ASIN", plural: "ASINs", example: "B0086FFHLS", width: 10,
        pattern: nil
    ) { content in
        do throws(ASIN.Flaw) {
            return try ASIN(content).text
        } catch .character where ProductAddress.isAddress(content) {
            return try ProductAddress.asin(in: content).text
        }
    }

    package static let code = ProductForm(
        name: "code", one: "a code", plural: "codes", example: "885909456017", width: 14,
        pattern: nil
    ) { try ProductCode($0).text }

    package static let query = ProductForm(
        name: "query", one: "a query", plural: "queries", example: "lego star wars", width: 20,
        pattern: nil, isWholeLine: true
    ) { try SearchQuery($0).text }
}
