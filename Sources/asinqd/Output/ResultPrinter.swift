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
    ///   - hasFilter: Whether `isMeant` may leave results out.
    func write(
        _ products: [String], of store: Store, to output: ResultOutput,
        hasFilter: Bool = false,
        where isMeant: (StoredResult) -> Bool = { _ in true }
    ) throws {
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
                    if isMeant(row) { try write(row) }
                    note(row.product)
                }
            }
        }
        try output.finish()
        var known = seen
        let unseen = products.filter { known.insert($0).inserted }
        report(
            missing: unseen,
            try store.whereabouts(of: unseen, at: endpoint.name, now: WallClock.now()),
            of: known.count)
        if products.isEmpty && count == 0 {
            Output.error(
                hasFilter
                    ? "No result matches." : row == .offer ? "No offers yet." : "No results yet.")
        }
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

    private func report(missing products: [String], _ places: [Whereabouts], of asked: Int) {
        let missing = MissingRows(
            whereabouts: Array(zip(products, places)), asked: asked, endpoint: endpoint.name,
            areOffers: row == .offer)
        if let text = missing.text { Output.error(text) }
    }

    /// Writes the results of products whose jobs were waited for. An earlier answer of a product that still
    /// waits, or whose job was given up, is not one.
    ///
    /// - Returns: Whether a job was given up.
    func writeAnswers(
        of products: [String], in store: Store, to output: ResultOutput
    ) throws -> Bool {
        let places = Array(
            zip(
                products,
                try store.whereabouts(of: products, at: endpoint.name, now: WallClock.now())))
        let answered = places.filter(\.1.isAnswered).map(\.0)
        _ = try rows(layout(), output) { write in
            if answered.isEmpty { return }
            try store.results(at: endpoint.name, products: answered, write)
        }
        try output.finish()
        let others = places.filter { !$0.1.isAnswered }
        report(missing: others.map(\.0), others.map(\.1), of: products.count)
        return others.contains { $0.1.isDeadLetter }
    }
}
