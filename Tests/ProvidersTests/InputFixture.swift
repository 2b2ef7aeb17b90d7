import Foundation
import Providers
import Testing

/// A file as people have it, with its values replaced, and what is read from it.
struct InputFixture: CustomTestStringConvertible {
    var name: String
    var form = ProductForm.asin
    var options = InputOptions()
    var products: [String] = asins
    /// From 0.
    var column: Int?
    var headerLine: Int?
    /// The lines that are no products.
    var badLines: [Int] = []
    var corrections: [ProductCorrection] = []

    var testDescription: String { name }

    var bytes: [UInt8] {
        get throws {
            let folder = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "Fixtures/input")
            return Array(try Data(contentsOf: folder.appending(path: name)))
        }
    }

    static let asins = ["B0086FFHLS", "B00NNUMI86", "B07PJKL123", "B01LYCLS24"]
    private static let upcs = [
        "0885909456017", "0084113303210", "0712345123459", "0614141000036",
    ]
    private static let eans = [
        "4006381333931", "9780306406157", "5012345678900", "8711253001202",
    ]

    /// The files that are read without an option.
    static let plain: [InputFixture] = [
        InputFixture(name: "plain.txt"), InputFixture(name: "plain-crlf.txt"),
        InputFixture(name: "plain-cr.txt"),
        InputFixture(name: "header-one-column.txt", headerLine: 1),
        InputFixture(name: "comments.txt"), InputFixture(name: "trailing-commas.txt"),
        InputFixture(name: "quoted.txt"), InputFixture(name: "single-quoted-lines.txt"),
        InputFixture(name: "apostrophes.txt", form: .code, products: upcs, headerLine: 1),
        InputFixture(
            name: "excel-text-formulas.csv", form: .code, products: upcs, column: 1,
            headerLine: 1),
        InputFixture(name: "invisible.txt"),
        InputFixture(name: "utf8-mark.csv", column: 0, headerLine: 1),
        InputFixture(name: "utf16-le.txt", column: 0, headerLine: 1),
        InputFixture(name: "utf16-be.txt"),
        InputFixture(name: "latin1.csv", column: 1, headerLine: 1),
        InputFixture(name: "compressed.csv.gz", column: 1, headerLine: 1),
        InputFixture(name: "compressed-members.txt.gz"),
        InputFixture(name: "listings.tsv", column: 5, headerLine: 1),
        InputFixture(name: "inventory.tsv", column: 1, headerLine: 1),
        InputFixture(name: "title.csv", column: 0, headerLine: 4),
        InputFixture(name: "semicolons.csv", form: .code, products: eans, column: 1, headerLine: 1),
        InputFixture(name: "bars.txt", form: .code, products: eans, column: 1, headerLine: 1),
        InputFixture(name: "blanks.txt", column: 0), InputFixture(name: "no-header.csv", column: 1),
        InputFixture(name: "unknown-header.csv", column: 1, headerLine: 1),
        InputFixture(name: "line-breaks-in-quotes.csv", column: 2, headerLine: 1),
        InputFixture(name: "inches.csv", column: 1, headerLine: 1),
        InputFixture(name: "ragged.csv", column: 0, headerLine: 1),
        InputFixture(name: "json-list.json"), InputFixture(name: "json-lines-list.json"),
        InputFixture(name: "sql-list.sql"),
        InputFixture(name: "json-numbers.json", form: .code, products: eans),
        InputFixture(name: "links.txt"), InputFixture(name: "links.csv", column: 1, headerLine: 1),
        InputFixture(name: "labels.csv", column: 0, headerLine: 1),
        InputFixture(
            name: "keywords.csv", form: .query, products: ["lego star wars", "duplo, large"],
            column: 0, headerLine: 1),
        InputFixture(
            name: "decimals.csv", form: .code, products: [upcs[0], upcs[2], upcs[3]], column: 1,
            headerLine: 1, corrections: [.decimalPoint, .decimalPoint, .decimalPoint]),
    ]

    /// The files of which some lines, or none, are read without an option.
    static let partial: [InputFixture] = [
        InputFixture(
            name: "all-zeros-lost.csv", form: .code, products: [], column: 1, headerLine: 1,
            badLines: [2, 3]),
        InputFixture(
            name: "lost-zeros.csv", form: .code, products: [upcs[0]], column: 1, headerLine: 1,
            badLines: [3]),
        InputFixture(
            name: "lost-zeros.csv", form: .code, options: InputOptions(corrections: .restoreZeros),
            products: [upcs[0], upcs[1]], column: 1, headerLine: 1, corrections: [.restoredZero]),
        InputFixture(
            name: "rounded.csv", form: .code, products: [upcs[0]], column: 1, headerLine: 1,
            badLines: [2]),
        InputFixture(
            name: "upc-e.txt", form: .code, options: InputOptions(corrections: .expandUPCE),
            products: ["0042100005264", "0012345000065", upcs[0]],
            corrections: [.expandedUPCE, .expandedUPCE]),
        InputFixture(
            name: "isbn-13.txt", options: InputOptions(corrections: .isbnAsASIN),
            products: ["0306406152", "080442957X", asins[0]],
            corrections: [.isbnAsASIN, .isbnAsASIN]),
        InputFixture(
            name: "two-columns.csv", form: .code, options: InputOptions(column: "UPC"),
            products: upcs, column: 1, headerLine: 1),
        InputFixture(
            name: "two-columns.csv", form: .code, options: InputOptions(column: "1"),
            products: eans, column: 0, headerLine: 1),
        InputFixture(
            name: "two-columns-no-header.csv", options: InputOptions(column: "2"),
            products: Array(asins[1...] + asins[..<1]), column: 1),
        InputFixture(
            name: "open-quote.csv", products: [asins[1], asins[2]], column: 1, headerLine: 1,
            badLines: [2]),
        InputFixture(name: "short-links.txt", products: [asins[0]], badLines: [1, 2]),
        InputFixture(
            name: "header-one-column.txt", options: InputOptions(column: "asin"), column: 0,
            headerLine: 1),
        InputFixture(
            name: "labels.csv",
            options: InputOptions(labelColumn: "brand", priorityColumn: "Urgency"),
            products: Array(asins[..<3]), column: 0, headerLine: 1, badLines: [5]),
    ]

    /// The files that cannot be read.
    static let unreadable: [(fixture: InputFixture, flaw: InputFlaw)] = [
        (InputFixture(name: "workbook.xlsx"), .workbook),
        (InputFixture(name: "workbook.xls"), .workbook),
        (InputFixture(name: "objects.json"), .objects),
        (InputFixture(name: "cut-short.txt.gz"), .damagedGzip),
        (
            InputFixture(name: "two-columns.csv", form: .code),
            .severalColumns(["1 (ean)", "2 (upc)"])
        ),
        (
            InputFixture(name: "two-columns-no-header.csv"),
            .severalColumns(["1 (\"B0086FFHLS\")", "2 (\"B00NNUMI86\")"])
        ),
        (
            InputFixture(name: "no-header.csv", options: InputOptions(column: "asin")),
            .noColumn("asin", ["1 (0)", "2 (B0086FFHLS)", "3 (Thing)", "4 (12.99)"])
        ),
        (
            InputFixture(name: "labels.csv", options: InputOptions(column: "4")),
            .noColumn("4", ["1 (asin)", "2 (brand)", "3 (urgency)"])
        ),
        (
            InputFixture(name: "labels.csv", options: InputOptions(labelColumn: "label")),
            .noColumn("label", ["1 (asin)", "2 (brand)", "3 (urgency)"])
        ),
        (
            InputFixture(
                name: "keywords.csv", form: .code, options: InputOptions(labelColumn: "volume")),
            .noProducts(["1 (keyword)", "2 (volume)"])
        ),
    ]
}
