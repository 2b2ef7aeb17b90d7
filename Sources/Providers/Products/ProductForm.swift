/// The format of an endpoint's products, how people write them, and what messages call them. Forms are equal
/// if their names are. A class, because every line of an input file is read with one: a copy of a value with
/// these members costs more than what is compared in a line.
package final class ProductForm: Sendable {
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
    /// The names of a table's column of these products, in small letters and without blanks or signs. The first
    /// group is preferred.
    let columnNames: [[String]]
    private let parse: @Sendable (Span<UInt8>) throws -> String
    private let correct: Correct?

    /// Reads a text that is no product as it is. nil if that is not possible, or not needed.
    package typealias Correct =
        @Sendable (Span<UInt8>, ProductCorrections) -> (String, ProductCorrection)?

    /// - Parameters:
    ///   - columnNames: If empty, those are the name and the noun.
    ///   - correct: nil if there is only one way to write a product.
    ///   - parse: Gets UTF-8 without blanks at its ends, and returns the canonical text of the product in the
    ///     queue and the results. It throws an error whose description is a sentence for people.
    package init(
        name: String, one: String, plural: String, example: String, width: Int, pattern: String?,
        isWholeLine: Bool = false, columnNames: [[String]] = [], correct: Correct? = nil,
        parse: @escaping @Sendable (Span<UInt8>) throws -> String
    ) {
        self.name = name
        self.one = one
        self.plural = plural
        self.example = example
        self.width = width
        self.pattern = pattern
        self.isWholeLine = isWholeLine
        self.columnNames =
            columnNames.isEmpty
            ? [[name, Self.noun(one), plural].map(ColumnName.normalized)] : columnNames
        self.correct = correct
        self.parse = parse
    }

    /// The noun without its article: `ASIN`.
    package var noun: String { Self.noun(one) }

    private static func noun(_ one: String) -> String {
        one.split(separator: " ").dropFirst().joined(separator: " ")
    }

    /// The canonical text, in the queue and the results, of the product that `text` names: an ASIN in
    /// capitals, a code in its canonical digits, a query with single blanks.
    /// - Throws: An error whose description is a sentence for people that says what is wrong.
    package func product(_ text: String) throws -> String {
        let bytes = Array(text.utf8)
        let span = bytes.span
        guard isWholeLine else {
            return try product(span.extracting(span.withoutBlanks(0..<span.count)))
        }
        // Another program may have stored a query that begins with a character that cannot be seen.
        let isShown = { (byte: UInt8) in byte > 0x20 }
        let start = bytes.firstIndex(where: isShown) ?? bytes.endIndex
        let end = bytes.lastIndex(where: isShown).map { $0 + 1 } ?? start
        return try product(span.extracting(start..<end))
    }

    /// The same from UTF-8 without blanks at its ends.
    func product(_ content: Span<UInt8>) throws -> String { try parse(content) }

    /// The same for a text that a file has, with what had to be changed to read it.
    func product(
        _ content: Span<UInt8>, _ corrections: ProductCorrections
    ) throws -> (String, ProductCorrection?) {
        if !corrections.isEmpty, let correct, let (product, made) = correct(content, corrections) {
            return (product, made)
        }
        do {
            return (try parse(content), nil)
        } catch {
            guard let correct, let (product, made) = correct(content, corrections) else {
                throw error
            }
            return (product, made)
        }
    }
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
        pattern: nil,
        columnNames: [
            ["asin", "asins", "amazonasin", "productasin", "asinisbn", "isbnasin"],
            ["asin1", "asincode", "childasin", "isbn10"],
            [
                "productid", "product", "isbn", "url", "producturl", "amazonurl", "link",
                "productlink", "amazonlink", "href", "address", "asin2", "asin3", "parentasin",
            ],
        ],
        correct: { ASIN.corrected($0, $1) },
        parse: { content in
            do throws(ASIN.Flaw) {
                return try ASIN(content).text
            } catch .character where ProductAddress.isAddress(content) {
                return try ProductAddress.asin(in: content).text
            }
        })

    private static func words(_ text: String) -> [String] {
        text.split(separator: " ").map(String.init)
    }

    package static let code = ProductForm(
        name: "code", one: "a code", plural: "codes", example: "885909456017", width: 14,
        pattern: nil,
        columnNames: [
            words(
                """
                upc upca upccode upcs ean ean13 eancode eans gtin gtin12 gtin13 gtin14 gtins barcode \
                barcodes isbn isbn13 jan code codes
                """),
            ["isbn10", "ean8", "gtin8", "upce", "productcode", "barcodenumber"],
            ["productid", "externalproductid", "product"],
        ],
        correct: { ProductCode.corrected($0, $1) },
        parse: { try ProductCode($0).text })

    package static let query = ProductForm(
        name: "query", one: "a query", plural: "queries", example: "lego star wars", width: 20,
        pattern: nil, isWholeLine: true,
        columnNames: [
            words("query queries searchterm searchterms keyword keywords search")
        ]
    ) { try SearchQuery($0).text }
}
