import Operations
import Providers
import Scheduling
import Storage

/// Writes what is stored about some products, or about all, in their order, and lists on stderr the products
/// without a row.
struct ResultPrinter {
    /// What a row is.
    enum Row {
        case result, offer
        /// An ASIN, joined with its code and its offers.
        case chain
    }

    let endpoint: EndpointDefinition
    var row = Row.result
    let format: RowFormat
    /// Of CSV; empty for all.
    var columns: [String] = []
    var isForSpreadsheet = false

    /// The layout of results.
    func layout() throws -> RowLayout<StoredResult> {
        try chosen(StoredResult.layout(of: endpoint))
    }

    func writer<Value>(_ layout: RowLayout<Value>, _ output: ResultOutput) -> RowWriter<Value> {
        RowWriter(layout, format, isForSpreadsheet: isForSpreadsheet, write: output.append)
    }

    /// - Parameters:
    ///   - products: Empty for all.
    ///   - open: Products whose answer is still to come: an earlier one is left out.
    ///   - hasFilter: Whether `isMeant` may leave results out.
    /// - Returns: Where those without a row are.
    @discardableResult
    func write(
        _ products: [String], of store: Store, to output: ResultOutput,
        without open: Set<String> = [], hasFilter: Bool = false,
        where isMeant: (StoredResult) -> Bool = { _ in true }
    ) throws -> [Whereabouts] {
        var seen: Set<String> = []
        func note(_ product: String) { if !products.isEmpty { seen.insert(product) } }
        let count: Int
        switch row {
        case .chain:
            count = try rows(chosen(ASINOffer.layout), output) { write in
                try store.chain(products) { row in
                    try write(row)
                    note(row.asin)
                }
            }
        case .offer:
            count = try rows(chosen(StoredOffer.layout(endpoint.form.noun)), output) { write in
                try store.offers(at: endpoint.name, products: products) { row in
                    try write(row)
                    note(row.product)
                }
            }
        case .result:
            count = try rows(layout(), output) { write in
                try store.results(at: endpoint.name, products: products) { row in
                    if open.contains(row.product) { return }
                    if isMeant(row) { try write(row) }
                    note(row.product)
                }
            }
        }
        try output.finish()
        let missing = try missing(products, seen, store)
        if let text = missing.text { Output.error(text) }
        if products.isEmpty && count == 0 {
            Output.error(
                hasFilter
                    ? "No result matches." : row == .offer ? "No offers yet." : "No results yet.")
        }
        return missing.whereabouts.map(\.place)
    }

    private func chosen<Value>(_ layout: RowLayout<Value>) throws -> RowLayout<Value> {
        columns.isEmpty ? layout : try layout.choosing(columns)
    }

    /// - Returns: How many rows `read` handed over.
    private func rows<Value>(
        _ layout: RowLayout<Value>, _ output: ResultOutput,
        _ read: ((Value) throws -> Void) throws -> Void
    ) throws -> Int {
        var writer = writer(layout, output)
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
            endpoint: endpoint.name, areOffers: row == .offer)
    }
}
