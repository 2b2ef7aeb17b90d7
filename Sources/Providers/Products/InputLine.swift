/// The content of one line of an input file, or of a cell of a table: one product at most. A line with anything
/// else next to its product is bad, so that nothing on it is lost.
///
/// An ASIN or a code may have quotes around it, or what a spreadsheet needs to keep its zeros: `'…`, `="…"`.
/// Lines may be blank, or have a comment from a `#` that begins the line or follows a blank. An ASIN may have
/// small letters or be the address of a product's page. A query, and any other form that is a whole line, keeps
/// its quotes; it is a comment if it begins with a `#`.
package enum InputLine: Equatable, Sendable {
    case blank
    /// The product's one text: `ProductForm.product`.
    case product(String)
    /// The same, for a text that had to be changed to be read.
    case corrected(String, ProductCorrection)
    /// The reason is a sentence for people. It repeats at most 40 characters of the line.
    case bad(reason: String)

    /// The longest line that is accepted. Addresses with all their parameters are well below it.
    package static let bytesMax = 4_096

    /// - Parameters:
    ///   - line: UTF-8 without the line feed; a carriage return at its end and a byte order mark at its
    ///     beginning are permitted. Of a line longer than `bytesMax`, any longer part will do.
    ///   - corrections: Those that are made.
    package init(
        _ line: Span<UInt8>, _ form: ProductForm, _ corrections: ProductCorrections = []
    ) {
        guard line.count <= Self.bytesMax else {
            self = .bad(reason: "longer than 4,096 bytes")
            return
        }
        let range: Range<Int>
        if Self.isPlain(line) {
            range = 0..<line.count
        } else if let reason = Self.encodingFlaw(line) {
            self = .bad(reason: reason)
            return
        } else {
            range = form.isWholeLine ? Self.query(in: line) : Self.content(of: line)
        }
        guard !range.isEmpty else {
            self = .blank
            return
        }
        let content = line.extracting(range)
        do {
            self.init(try form.product(content, corrections))
        } catch SearchQuery.Flaw.length(0) {
            self = .blank
        } catch {
            let inner = form.isWholeLine ? range : Self.withoutWrapping(range, of: line)
            if inner.isEmpty {
                self = .blank
            } else if inner != range,
                let product = try? form.product(line.extracting(inner), corrections)
            {
                self.init(product)
            } else {
                self = .bad(reason: "\(error): \(Self.excerpt(content))")
            }
        }
    }

    private init(_ product: (text: String, correction: ProductCorrection?)) {
        self = product.correction.map { .corrected(product.text, $0) } ?? .product(product.text)
    }

    /// Whether the line has no blank, quote, comment, control or character beyond ASCII: most have none, and one
    /// pass over them is enough.
    private static func isPlain(_ line: Span<UInt8>) -> Bool {
        for index in line.indices where line[index] <= UInt8(ascii: "#") || line[index] > 0x7E {
            return false
        }
        return true
    }

    /// Why the line is not text in UTF-8, as far as a quick check shows; nil if it seems to be.
    ///
    /// A spreadsheet's "Unicode text" is UTF-16, which a mark at the beginning of the file shows. Without one,
    /// every second byte of an ASIN is a NUL.
    private static func encodingFlaw(_ line: Span<UInt8>) -> String? {
        var nuls = 0
        for index in line.indices where line[index] == 0 { nuls += 1 }
        let isMarked =
            line.count >= 2
            && (line[0] == 0xFF && line[1] == 0xFE || line[0] == 0xFE && line[1] == 0xFF)
        if isMarked || nuls > 0 && nuls * 3 >= line.count {
            return "looks like UTF-16; save it as UTF-8"
        }
        return nuls > 0 ? "contains a NUL byte, so this is not a text file" : nil
    }

    /// The range of the line's query; empty in a comment.
    private static func query(in line: Span<UInt8>) -> Range<Int> {
        let query = line.withoutBlanks(0..<line.count)
        let isComment = !query.isEmpty && line[query.lowerBound] == UInt8(ascii: "#")
        return isComment ? query.lowerBound..<query.lowerBound : query
    }

    /// The range of the line's content: without comment, blanks and quotes.
    private static func content(of line: Span<UInt8>) -> Range<Int> {
        var content = line.withoutBlanks(0..<line.count)
        let comment = content.first { index in
            guard line[index] == UInt8(ascii: "#") else { return false }
            let before = content.lowerBound..<index
            return before.isEmpty || line.withoutBlanks(before) != before
        }
        if let comment { content = line.withoutBlanks(content.lowerBound..<comment) }
        let quote = UInt8(ascii: "\"")
        if content.count >= 2, line[content.lowerBound] == quote,
            line[content.upperBound - 1] == quote
        {
            content = line.withoutBlanks(content.dropFirst().dropLast())
        }
        return content
    }

    /// The range without separators at its end, and without the signs with which a spreadsheet or a program
    /// marks a text: `="…"`, `'…'`, an apostrophe before it.
    private static func withoutWrapping(_ range: Range<Int>, of line: Span<UInt8>) -> Range<Int> {
        var content = range
        while true {
            let before = content
            while let last = content.last, isSeparator(line[last]) {
                content = line.withoutBlanks(content.dropLast())
            }
            if let first = content.first, line[first] == UInt8(ascii: "="),
                content.count >= 2, isQuote(line[first + 1])
            {
                content = content.dropFirst()
            }
            if let first = content.first, isQuote(line[first]) {
                let isPair = content.count >= 2 && line[content.upperBound - 1] == line[first]
                if isPair || line[first] == UInt8(ascii: "'") {
                    content = line.withoutBlanks(
                        isPair ? content.dropFirst().dropLast() : content.dropFirst())
                }
            }
            if content == before { return content }
        }
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "|")
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }

    /// The line's first 40 characters, without those that cannot be printed.
    private static func excerpt(_ content: Span<UInt8>) -> String {
        let bytes = content.indices.prefix(400).map { content[$0] }
        let text = PrintableText.onOneLine(String(decoding: bytes, as: UTF8.self))
        return text.unicodeScalars.count <= excerptScalarsMax
            ? text
            : String(String.UnicodeScalarView(text.unicodeScalars.prefix(excerptScalarsMax))) + "…"
    }

    private static let excerptScalarsMax = 40
}
