/// Why a whole file of products cannot be read.
package enum InputFlaw: Error, Equatable {
    case workbook
    case damagedGzip
    /// A list of objects, such as JSON.
    case objects
    /// Several columns have products, and nothing says which one is meant.
    case severalColumns([String])
    /// A table is required, and none of its columns has products.
    case noProducts([String])
    /// No column has this name or number.
    case noColumn(String, [String])

    /// What happened, then what to try.
    ///
    /// - Parameter option: How the caller names a column; nil where it cannot.
    package func text(columnOption option: String?) -> String {
        switch self {
        case .workbook:
            """
            This is a workbook, not a text file.
            Try: use "Save as" in the spreadsheet program, choose CSV (UTF-8), and enqueue that file.
            """
        case .damagedGzip:
            "The compressed data is damaged or cut short.\nTry: copy the file again."
        case .objects:
            "This is a list of objects.\nTry: write their products to a file, one per line."
        case .severalColumns(let names):
            "More than one column has products: \(Self.list(names)).\nTry: "
                + (option.map { "choose one with \($0)." }
                    ?? "write one of them to a file of its own.")
        case .noProducts(let names):
            "None of the columns has products: \(Self.list(names)).\nTry: "
                + (option.map { "choose one with \($0)." } ?? "use another file.")
        case .noColumn(let name, let names):
            "There is no column \(PrintableText.onOneLine(String(name.prefix(60)))).\nTry: use one of \(Self.list(names))."
        }
    }

    private static let listedColumns = 20

    private static func list(_ names: [String]) -> String {
        names.prefix(listedColumns).joined(separator: ", ")
            + (names.count > listedColumns ? " …" : "")
    }
}
