import ArgumentParser
import Foundation
import Operations
import Providers
import Scheduling
import Storage

struct ResultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results",
        abstract: "Print the results of all products or of some.",
        discussion: """
            --images, --barcodes, --lookup, --search: the provider's answer for each ASIN,
            code or query. --offers: one row for each offer of the codes that were looked
            up, or with --search of the queries. --chain: each ASIN of --barcodes, joined
            with its code, its item and the offers.

            table: one line per product, item or offer.
            csv:   one line per image for --images, per item for --search, per offer for
                   --offers and --chain, otherwise per product. Cells that a spreadsheet
                   would run as a formula begin with an apostrophe.
            json:  an array of {asin, found, fetchedAt, item}; item is the provider's
                   object. Lookups have a code in place of the asin, searches a query and
                   items, both lowestPrices; --offers and --chain have the csv's columns.
            jsonl: the same, one object per line.

            Products given as arguments or in a --file are printed in the given order.
            Products without a row are listed on stderr with the reason: waiting, running,
            paused, dead letter, cancelled or never requested. A product that the provider
            does not know has a row of its own.

            An item has one lowest price per currency: LOWEST in the table, lowest_prices
            in csv, lowestPrices in json and jsonl. An empty currency from the provider
            means USD.

            Examples:
              asinqd results --images B0086FFHLS
              asinqd results --barcodes --format csv > barcodes.csv
              asinqd results --images --format jsonl | jq -r '.item.images[0]'
              asinqd results --lookup 885909456017
              asinqd results --offers --format csv > offers.csv
              asinqd results --search --offers "lego star wars"
              asinqd results --chain B0086FFHLS
              grep -v '^#' asins.txt | asinqd results --images --file - --format csv

            Exit codes: 0 done, even if products have no row; 64 an argument is not a
            product of that kind.
            """)

    @OptionGroup var endpoints: EndpointFlags

    @Flag(help: "Print the offers that lookups found, or with --search those of searches.")
    var offers = false

    @Flag(help: "Join ASINs, barcodes and offers.")
    var chain = false

    @Option(help: "Output format: table, csv, json or jsonl.")
    var format = RowFormat.table

    @OptionGroup var products: ProductOptions

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if chain && (offers || !endpoints.names.isEmpty) {
            throw ValidationError(
                "--chain joins barcodes and offers; it cannot be combined with other endpoints.")
        }
        if offers, let without = endpoints.endpoints.first(where: { !$0.hasOffers }) {
            throw ValidationError(
                "\(without.form.plural) have no offers of their own. Use --chain to join them with offers."
            )
        }
        if !chain && endpoints.names.count != (offers ? min(1, endpoints.names.count) : 1) {
            throw ValidationError(
                "Choose one of \(EndpointFlags.text("or", and: ["--offers", "--chain"])).")
        }
        try products.validate(form)
    }

    /// Whose results lead to rows.
    private var endpoint: EndpointDefinition {
        let all = Catalog.current.endpoints
        let isMeant: (EndpointDefinition) -> Bool = chain ? { $0.leadsTo != nil } : \.hasOffers
        return endpoints.endpoints.first ?? all.first(where: isMeant) ?? all[0]
    }

    private var form: ProductForm { endpoint.form }

    func run() async throws {
        let products = try products.products(form)
        let (_, store) = try await common.store(.read)
        try write(products, of: store)
    }

    /// Writes the rows of `products`, of all products if there are none, and lists on stderr those without a
    /// row.
    private func write(_ products: [String], of store: Store) throws {
        let buffer = OutputBuffer()
        var seen: Set<String> = []
        func note(_ product: String) { if !products.isEmpty { seen.insert(product) } }
        let count: Int
        if chain {
            count = try rows(ASINOffer.layout, buffer) { write in
                try store.chain(products) { row in
                    try write(row)
                    note(row.asin)
                }
            }
        } else if offers {
            count = try rows(StoredOffer.layout(form.noun), buffer) { write in
                try store.offers(at: endpoint.name, products: products) { row in
                    try write(row)
                    note(row.product)
                }
            }
        } else {
            count = try rows(StoredResult.layout(of: endpoint), buffer) { write in
                try store.results(at: endpoint.name, products: products) { row in
                    try write(row)
                    note(row.product)
                }
            }
        }
        buffer.flush()
        if let text = try missing(products, seen, store).text { Output.error(text) }
        if products.isEmpty && count == 0 {
            Output.error(offers ? "No offers yet." : "No results yet.")
        }
    }

    /// - Returns: How many rows `read` handed over.
    private func rows<Row>(
        _ layout: RowLayout<Row>, _ buffer: OutputBuffer,
        _ read: ((Row) throws -> Void) throws -> Void
    ) throws -> Int {
        var writer = RowWriter(layout, format, write: buffer.append)
        try writer.begin()
        try read { try writer.append($0) }
        try writer.end()
        return writer.count
    }

    private func missing(
        _ products: [String], _ seen: Set<String>, _ store: Store
    ) throws -> MissingRows {
        var known = seen
        let unseen = products.filter { known.insert($0).inserted }
        let places = try store.whereabouts(
            of: unseen, at: endpoint.name, now: WallClock.now())
        return MissingRows(
            whereabouts: Array(zip(unseen, places)), asked: seen.count + unseen.count,
            endpoint: endpoint.name, areOffers: offers)
    }
}

extension ResultsCommand: ReadsFiles {
    var inputFiles: [String] { products.files }
}

extension RowFormat: ExpressibleByArgument {}
