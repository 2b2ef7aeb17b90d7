/// Rows of RFC 4180.
package enum CSV {
    /// One row with its line break.
    ///
    /// A cell that a spreadsheet would run as a formula gets an apostrophe before it, as OWASP's
    /// page on CSV injection advises: titles are untrusted input.
    package static func row(_ cells: [String]) -> String {
        cells.map(cell).joined(separator: ",") + "\r\n"
    }

    /// U+FEFF, by which spreadsheets recognize UTF-8.
    package static let byteOrderMark = "\u{FEFF}"

    /// From this length on, Excel shows a number as `8.85909E+11`.
    private static let longNumber = 12

    /// The same with each code as a formula that is a text: a spreadsheet would read it as a number, and lose
    /// its leading zeros or its last digits.
    package static func spreadsheetRow(_ cells: [String]) -> String {
        cells.map { cell in
            isCode(cell) ? "\"=\"\"\(cell)\"\"\"" : self.cell(cell)
        }.joined(separator: ",") + "\r\n"
    }

    private static func isCode(_ text: String) -> Bool {
        text.utf8.count > 1 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            && (text.utf8.first == 0x30 || text.utf8.count >= longNumber)
    }

    private static func cell(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, ["=", "+", "-", "@", "\t", "\r"].contains(first) {
            text = "'" + text
        }
        let needsQuotes = text.unicodeScalars.contains { [",", "\"", "\n", "\r"].contains($0) }
        guard needsQuotes else { return text }
        // Compare scalars: a quote and a combining mark after it are one character, which is not a quote.
        var quoted = String.UnicodeScalarView("\"".unicodeScalars)
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted.append(scalar) }
            quoted.append(scalar)
        }
        quoted.append("\"")
        return String(quoted)
    }
}
