import ArgumentParser
import Foundation
import Storage

struct ResultsCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table
        case csv
        case json
        case jsonl
    }

    static let configuration = CommandConfiguration(
        commandName: "results",
        abstract: "What was answered, for all ASINs or for some.",
        discussion: """
            table: a line each ASIN.
            csv:   images a line each image, barcodes a line each ASIN; cells that a
                   spreadsheet would run as a formula begin with an apostrophe.
            json:  an array of {asin, found, fetchedAt, item}; item is the provider's own.
            jsonl: the same, an object a line.

            Examples:
              asinqd results --images B0086FFHLS
              asinqd results --barcodes --format csv > barcodes.csv
              asinqd results --images --format jsonl | jq -r '.item.images[0]'
            """)

    @OptionGroup var endpoints: EndpointFlags

    @Option(help: "table, csv, json or jsonl.")
    var format = Format.table

    @Argument(help: ArgumentHelp("Only these, in this order.", valueName: "asin"))
    var products: [String] = []

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let endpoint = try endpoints.one()
        let (_, store) = try await common.store(.read)
        let buffer = OutputBuffer()
        var writer = ResultsWriter(endpoint: endpoint, format: format, buffer: buffer)
        writer.begin()
        try store.results(at: endpoint, products: products.map { $0.uppercased() }) { result in
            writer.append(result)
        }
        writer.end()
        buffer.flush()
    }
}
