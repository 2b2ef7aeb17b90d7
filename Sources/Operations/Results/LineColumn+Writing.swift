package import Providers

/// Lines of results for people.
extension LineColumn {
    /// The product, then what its endpoint's shape says.
    package static func heading(_ form: ProductForm, _ columns: [LineColumn]) -> String {
        ([form.noun.uppercased().padding(to: form.width)]
            + columns.map { $0.padded($0.heading) })
            .joined(separator: "  ").trimmingTrailingSpaces()
    }

    package static func line(
        _ product: String, _ form: ProductForm, _ columns: [LineColumn], _ texts: [[Text]]
    ) -> String {
        let cells = zip(columns, texts).map { column, texts in
            let parts = texts.map(\.forTerminal).filter { !$0.isEmpty }
            return column.padded(
                parts.isEmpty ? column.missing : parts.joined(separator: ", "))
        }
        return ([Self.product(product, form)] + cells).joined(separator: "  ")
    }

    package static func notFound(_ product: String, _ form: ProductForm) -> String {
        Self.product(product, form) + "  not found"
    }

    private static func product(_ product: String, _ form: ProductForm) -> String {
        TerminalText.excerpt(product, form.width).padding(to: form.width)
    }

    private func padded(_ text: String) -> String {
        isNumber ? text.paddingLeft(to: width) : text.padding(to: width)
    }
}

extension LineColumn.Text {
    fileprivate var forTerminal: String {
        switch self {
        case .text(let text, let max?): TerminalText.excerpt(text, max)
        case .text(let text, nil): TerminalText.safe(text)
        case .count(let count): HumanText.number(count)
        case .price(let price, let currency):
            "\(HumanText.price(price)) \(TerminalText.excerpt(currency, 10))"
        }
    }
}
