/// Which column of a table has the products.
struct ColumnChoice {
    private let sample: TableSample
    private let form: ProductForm
    private let options: InputOptions

    /// How a column was found, the best way first.
    enum Finding: Equatable {
        case named(Int)
        case byValues(Int, hasHeader: Bool)
        /// Several qualify.
        case several([Int], hasHeader: Bool)
        case none
    }

    init(_ sample: TableSample, _ form: ProductForm, _ options: InputOptions) {
        self.sample = sample
        self.form = form
        self.options = options
    }

    /// The column by its name, else by its values.
    ///
    /// A named column that has no product in the sample, such as `product-id` with numbers of another kind, is
    /// taken only if no other column qualifies.
    func finding() -> Finding {
        let named = form.columnNames.map(sample.columns).filter { !$0.isEmpty }
        for columns in named {
            let good = columns.filter { products($0, afterHeader: true).contains { $0 != nil } }
            if let one = single(good, afterHeader: true) { return .named(one) }
            if !good.isEmpty { return .several(good, hasHeader: true) }
        }
        let byValues = byValues(hasHeader: !named.isEmpty)
        if byValues == .none, let columns = named.first {
            return columns.count == 1 ? .named(columns[0]) : .several(columns, hasHeader: true)
        }
        return byValues
    }

    private func byValues(hasHeader isNamed: Bool) -> Finding {
        if form.isWholeLine { return .none }
        let width = sample.records.map(\.count).max() ?? 0
        let columns = (0..<width).filter { column in
            let products = products(column, afterHeader: isNamed || isHeader(column))
            return products.count { $0 != nil } * 2 > products.count
        }
        guard let first = columns.first else { return .none }
        let hasHeader = isNamed || isHeader(first)
        guard let one = single(columns, afterHeader: hasHeader) else {
            return .several(columns, hasHeader: hasHeader)
        }
        return .byValues(one, hasHeader: hasHeader)
    }

    /// The first of `columns` if all have the same products.
    private func single(_ columns: [Int], afterHeader: Bool) -> Int? {
        guard let first = columns.first else { return nil }
        let products = products(first, afterHeader: afterHeader)
        return columns.allSatisfy { self.products($0, afterHeader: afterHeader) == products }
            ? first : nil
    }

    /// Whether the first record names a column instead of having a product in it: it has no digit, or a name
    /// that a column of products has.
    func isHeader(_ column: Int) -> Bool {
        guard let first = sample.records.first, column < first.count, !first[column].isEmpty,
            product(first[column]) == nil
        else { return false }
        return form.columnNames.joined().contains(ColumnName.normalized(first[column]))
            || !first[column].utf8.contains { (0x30...0x39).contains($0) }
    }

    private func products(_ column: Int, afterHeader: Bool) -> [String?] {
        sample.values(column, afterHeader: afterHeader).map(product)
    }

    /// nil for a word of ten letters, too, which is an ASIN only as far as its form shows.
    private func product(_ text: String) -> String? {
        // A column of codes without their zeros is found, too, so that the reason is reported.
        let corrections = options.corrections.union(.restoreZeros)
        return switch InputLine(Array(text.utf8).span, form, corrections) {
        case .product(let product), .corrected(let product, _):
            form.isWholeLine || product.utf8.contains { (0x30...0x39).contains($0) }
                ? product : nil
        case .blank, .bad: nil
        }
    }
}
