/// Rows of RFC 4180.
enum CSV {
    /// One row with its line break.
    ///
    /// A cell that a spreadsheet would run as a formula gets an apostrophe before it, as OWASP's
    /// page on CSV injection advises: titles are written by strangers.
    static func row(_ cells: [String]) -> String {
        cells.map(cell).joined(separator: ",") + "\r\n"
    }

    private static func cell(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, ["=", "+", "-", "@", "\t", "\r"].contains(first) {
            text = "'" + text
        }
        let needsQuotes = text.unicodeScalars.contains { [",", "\"", "\n", "\r"].contains($0) }
        return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
}
