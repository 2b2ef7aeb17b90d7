import ArgumentParser
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

            All results are in the order of the products. With --label, --since, --after,
            --cursor or --follow they are in the order in which they were stored.

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

            With --cursor, each run writes what was stored since the one before. It does
            not replace an earlier --output file. A run that is killed leaves the place as
            it was, so the next one writes the same results again: none is lost.

            --offers and --chain are rows about several results, so they have no order of
            storing and no --cursor.

            Examples:
              asinqd results --images B0086FFHLS
              asinqd results --barcodes --format csv > barcodes.csv
              asinqd results --images --format jsonl | jq -r '.item.images[0]'
              asinqd results --lookup 885909456017
              asinqd results --offers --format csv > offers.csv
              asinqd results --search --offers "lego star wars"
              asinqd results --chain B0086FFHLS
              grep -v '^#' asins.txt | asinqd results --images --file - --format csv
              asinqd results --barcodes --label spring --excel --output spring.csv
              asinqd results --lookup --cursor place --output "$(date +%F).csv"
              asinqd results --images --follow --after 0 --format jsonl | your-program

            Exit codes: 0 done, even if products have no row; 1 no job has the label;
            64 an argument is not a product of that kind; 65 the --cursor file is not a
            cursor of this export; 75 another export uses the file, or the --output file
            of an earlier one is still there.
            """)

    @OptionGroup var endpoints: EndpointFlags

    @Flag(help: "Print the offers that lookups found, or with --search those of searches.")
    var offers = false

    @Flag(help: "Join ASINs, barcodes and offers.")
    var chain = false

    @Option(help: "Output format: table, csv, json or jsonl. (default: table)")
    var format: RowFormat?

    @OptionGroup var export: ExportOptions

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
        if export.isOfResults && (offers || chain) {
            throw ValidationError(
                "--label, --found, --not-found, --since, --after, --cursor and --follow select results; they cannot be combined with --offers or --chain."
            )
        }
        if export.isInStoredOrder && !products.isEmpty {
            throw ValidationError(
                "Products cannot be combined with --label, --since, --after, --cursor or --follow.")
        }
        _ = try export.format(format)
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
        let (settings, store) = try await common.store(
            .read, lockWait: export.follow ? DatabaseChanges.lockWait : CommonOptions.lockWait)
        let inputs = self.products.files + [settings.file, export.cursorFile]
        let printer = ResultPrinter(
            endpoint: endpoint, row: chain ? .chain : offers ? .offer : .result,
            format: try export.format(format), columns: export.columnNames,
            isForSpreadsheet: export.excel)
        let selection = export.selection(of: endpoint)
        guard export.isInStoredOrder else {
            let output = try ResultOutput(path: export.output, besides: store, inputs)
            try printer.write(
                products, of: store, to: output, hasFilter: export.hasFilter,
                where: selection.contains)
            return
        }
        try stream(selection, of: store, printer, inputs)
    }

    /// Writes results in the order in which they were stored.
    private func stream(
        _ selection: ResultSelection, of store: Store, _ printer: ResultPrinter,
        _ inputs: [String?]
    ) throws {
        let layout = try printer.layout()
        if let label = export.label, !export.follow { try store.requireKnownLabel(label) }
        let cursor = try export.cursorFile.map { path in
            try ResultOutput.refuse(path, of: store, option: "--cursor")
            return try CursorFile(path: path, selection, in: store)
        }
        let output = try ResultOutput(
            path: export.output, besides: store, inputs, isNew: cursor != nil)
        var results = selection.stream(
            after: try cursor?.after ?? export.revision(in: store))
        var writer = printer.writer(layout, output)
        if export.follow { Interruption.watch() }
        var changes = DatabaseChanges(store, endsWithReader: !output.isFile)
        try writer.begin()
        var isLast = !export.follow
        repeat {
            do {
                if export.untilEmpty {
                    // Before the results: those of the last jobs are stored by then.
                    isLast = try !selection.jobs.contains {
                        try store.hasOpenJob($0, isPausedCounted: false)
                    }
                }
                while !Interruption.hasCome {
                    let lines = try results.next(.max, in: store)
                    if lines.isEmpty { break }
                    for line in lines where selection.contains(line.result) {
                        try writer.append(line.result)
                    }
                    if export.follow { output.flush() }
                }
            } catch StoreError.locked where export.follow {
                isLast = false
                changes.repeatLook()
            }
            if isLast || Interruption.hasCome { break }
            if !output.isFile {
                try output.sync()
                try cursor?.store(results.lastRevision, in: store)
            }
            _ = try changes.next()
        } while true
        try writer.end()
        try output.finish()
        try cursor?.store(results.lastRevision, in: store)
        if export.after != nil {
            Output.error(
                "Cursor: \(results.lastRevision). Continue with --after \(results.lastRevision).")
        } else if cursor == nil, writer.count == 0 {
            Output.error(export.hasFilter ? "No result matches." : "No results yet.")
        }
        if Interruption.hasCome { Interruption.end() }
    }
}

extension ResultsCommand: ReadsFiles {
    var inputFiles: [String] { products.files }
}

extension RowFormat: ExpressibleByArgument {}
