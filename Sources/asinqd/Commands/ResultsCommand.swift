import ArgumentParser
import Foundation
import Operations
import Providers
import Scheduling
import Storage

struct ResultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results",
        abstract: "What was answered, for all products or for some.",
        discussion: """
            --images, --barcodes, --lookup, --search: what the provider said of each ASIN,
            code or query. --offers: a row for each offer of the codes that were looked
            up, or with --search of the queries. --chain: from each ASIN that --barcodes
            asked about over its code and item to the offers.

            table: a line each product, item or offer.
            csv:   images a line each image, searches a line each item, offers and the
                   chain a line each offer, the others a line each product; cells that a
                   spreadsheet would run as a formula begin with an apostrophe.
            json:  an array of {asin, found, fetchedAt, item}; item is the provider's own.
                   Lookups have a code in place of the asin, searches a query and items,
                   both lowestPrices; offers and the chain the fields of a line.
            jsonl: the same, an object a line.

            Products as arguments or in a --file come in their order. Those that have no
            row are named on stderr, with the reason: waiting, running, paused, given up,
            cancelled or never requested. A product that is unknown to the provider has a
            row of its own.

            The lowest price of an item is one for each currency: LOWEST in the table,
            lowest_prices in csv, lowestPrices in json and jsonl. The provider's empty
            currency is USD.

            Examples:
              asinqd results --images B0086FFHLS
              asinqd results --barcodes --format csv > barcodes.csv
              asinqd results --images --format jsonl | jq -r '.item.images[0]'
              asinqd results --lookup 885909456017
              asinqd results --offers --format csv > offers.csv
              asinqd results --search --offers "lego star wars"
              asinqd results --chain B0086FFHLS
              grep -v '^#' asins.txt | asinqd results --images --file - --format csv

            Exit codes: 0 done, also where products have no row, 64 what was asked for is
            no product of that kind.
            """)

    @OptionGroup var endpoints: EndpointFlags

    @Flag(help: "The offers that lookups, or with --search searches, have brought.")
    var offers = false

    @Flag(help: "From ASINs over their codes to offers.")
    var chain = false

    @Option(help: "table, csv, json or jsonl.")
    var format = RowFormat.table

    @OptionGroup var products: ProductOptions

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if chain && (offers || !endpoints.names.isEmpty) {
            throw ValidationError("--chain stands alone: it goes from barcodes to offers.")
        }
        if offers, let without = endpoints.endpoints.first(where: { !$0.hasOffers }) {
            throw ValidationError(
                "\(without.form.plural) have no offers of their own. Give --chain for theirs.")
        }
        if !chain && endpoints.names.count != (offers ? min(1, endpoints.names.count) : 1) {
            throw ValidationError(
                "Give one of \(EndpointFlags.text("and", and: ["--offers", "--chain"])).")
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

    /// Writes the rows of `products`, all where there are none, and says on stderr which of them have no
    /// row.
    private func write(_ products: [String], of store: Store) throws {
        let buffer = OutputBuffer()
        var seen: Set<String> = []
        func note(_ product: String) { if !products.isEmpty { seen.insert(product) } }
        let count: Int
        if chain {
            count = try rows(ChainLink.layout, buffer) { write in
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
