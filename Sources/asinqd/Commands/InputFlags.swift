import ArgumentParser
import Operations
import Providers

/// How `enqueue` and `schedule add` read their files.
struct InputFlags: ParsableArguments {
    /// The option that messages name.
    static let column = "--column"

    @Option(
        help: ArgumentHelp(
            "Read the products from this column of a table: its name, or its number from 1.",
            valueName: "column"))
    var column: String?

    @Flag(
        help: "Restore the 0 at the beginning of codes with 11 digits that a spreadsheet dropped.")
    var restoreZeros = false

    @Flag(
        name: .customLong("expand-upc-e"),
        help: "Expand codes with 8 digits that are a UPC-E to the UPC that it abbreviates.")
    var expandUPCE = false

    @Flag(
        name: .customLong("isbn-as-asin"),
        help: "Change an ISBN-13 among ASINs into the ISBN-10, which is the book's ASIN.")
    var isbnAsASIN = false

    @Option(
        help: ArgumentHelp(
            "Write the bad lines to this CSV file, which replaces an older one.",
            valueName: "file"),
        completion: .file())
    var rejects: String?

    var options: InputOptions {
        var corrections: ProductCorrections = []
        if restoreZeros { corrections.insert(.restoreZeros) }
        if expandUPCE { corrections.insert(.expandUPCE) }
        if isbnAsASIN { corrections.insert(.isbnAsASIN) }
        return InputOptions(column: column, corrections: corrections)
    }

    func validate() throws {
        if let column, column.isEmpty { throw ValidationError("--column must not be empty.") }
    }
}
