/// The content of one line of an input file: one product at most. A line with anything else next to its
/// product is bad, so that nothing on it is lost.
///
/// An ASIN or a code may have double quotes around it. Lines may be blank, or have a comment from a `#` that
/// begins the line or follows a blank. An ASIN may have small letters or be the address of a product's page.
/// A query, and any other form that is a whole line, keeps its quotes; it is a comment if it begins with a
/// `#`.
package enum InputLine: Equatable, Sendable {
    case blank
    /// The product's one text: `ProductForm.product`.
    case product(String)
    /// The reason is a sentence for people. It repeats at most 40 characters of the line.
    case bad(reason: String)

    /// The longest line that is accepted. Addresses with all their parameters are well below it.
    package static let bytesMax = 4_096

    /// - Parameter line: UTF-8 without the line feed; a carriage return at its end and a byte order mark at
    ///   its beginning are permitted. Of a line longer than `bytesMax`, any longer part will do.
    package init(_ line: Span<UInt8>, _ form: ProductForm) {
        guard line.count <= Self.bytesMax else {
            self = .bad(reason: "longer than 4,096 bytes")
            return
        }
        if let reason = Self.encodingFlaw(line) {
            self = .bad(reason: reason)
            return
        }
        let range = form.isWholeLine ? Self.query(in: line) : Self.content(of: line)
        guard !range.isEmpty else {
            self = .blank
            return
        }
        let content = line.extracting(range)
        do {
            self = .product(try form.product(content))
        } catch SearchQuery.Flaw.length(0) {
            self = .blank
        } catch {
            self = .bad(reason: "\(error): \(Self.excerpt(content))")
        }
    }

    /// Why the line is not text in UTF-8, as far as a quick check shows; nil if it seems to be.
    ///
    /// A spreadsheet's "Unicode text" is UTF-16: its first line begins with FF FE or FE FF, and every second
    /// byte of an ASIN in it is a NUL. A file whose lines end with carriage returns alone is one line, and a
    /// comment at its beginning would hide all of it.
    private static func encodingFlaw(_ line: Span<UInt8>) -> String? {
        var nuls = 0
        for index in line.indices where line[index] == 0 { nuls += 1 }
        let isMarked =
            line.count >= 2
            && (line[0] == 0xFF && line[1] == 0xFE || line[0] == 0xFE && line[1] == 0xFF)
        if isMarked || nuls > 0 && nuls * 3 >= line.count {
            return "looks like UTF-16; save it as UTF-8"
        }
        if nuls > 0 { return "contains a NUL byte, so this is not a text file" }
        let content = line.withoutBlanks(0..<line.count)
        let isSeveralLines = content.contains { line[$0] == UInt8(ascii: "\r") }
        return isSeveralLines ? "contains a carriage return; save it with line feeds" : nil
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
