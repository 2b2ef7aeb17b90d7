/// The words of a search, as one text: no blanks at the ends, and one space for each run of blanks.
package struct SearchQuery: Hashable, Sendable {
    /// Our choice: far more than people type, and short enough for a row and a line of a table. Counted in
    /// Unicode scalars, as SQLite's `length` counts.
    static let scalarsMax = 256

    package let text: String

    package init(_ text: String) throws(Flaw) {
        try self.init(Array(text.utf8).span)
    }

    package init(_ bytes: Span<UInt8>) throws(Flaw) {
        guard let given = String(validating: bytes.indices.map { bytes[$0] }, as: UTF8.self) else {
            throw .notUTF8
        }
        var scalars = String.UnicodeScalarView()
        var isAfterBlank = false
        for scalar in given.unicodeScalars {
            if Self.isBlank(scalar) || scalars.isEmpty && Self.isJoiner(scalar) {
                isAfterBlank = !scalars.isEmpty
                continue
            }
            if Self.isControl(scalar) { throw .control }
            if isAfterBlank { scalars.append(" ") }
            isAfterBlank = false
            scalars.append(scalar)
        }
        while let last = scalars.last, last == " " || Self.isJoiner(last) { scalars.removeLast() }
        guard !scalars.isEmpty else { throw .length(0) }
        guard scalars.count <= Self.scalarsMax else { throw .length(scalars.count) }
        self.text = String(scalars)
    }

    /// Unicode's white space and, as at the ends of any line, the marks that are copied with text from a web
    /// page.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20: true
        case 0x21...0x7E: false
        case 0x200B, 0x200E, 0x200F, 0xFEFF: true
        default: scalar.properties.isWhitespace
        }
    }

    /// C0, DEL and C1: Unicode's general category Cc, which never grows.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    /// Zero width, but part of the spelling in some scripts; at an end it has no effect.
    private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0x200C || scalar.value == 0x200D
    }
}

extension SearchQuery {
    /// What is wrong with a text that should be a query. The description is a sentence for people.
    package enum Flaw: Error, Equatable {
        case notUTF8
        case control
        /// None, or too many.
        case length(Int)
    }
}

extension SearchQuery.Flaw: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notUTF8: "not text in UTF-8"
        case .control: "a query has no control characters"
        case .length(0): "a query has at least one character"
        case .length(let count):
            "a query has at most \(SearchQuery.scalarsMax) characters, not \(count)"
        }
    }
}
