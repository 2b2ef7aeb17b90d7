import Providers
import Storage

/// How the results of one endpoint are written: as lines for people, and as rows for spreadsheets.
struct ResultShape: Sendable {
    /// The names of a JSON object's fields for the product and for what the provider gave.
    let productKey: String
    let bodyKey: String
    let heading: String
    let lines: @Sendable (StoredResult) -> [String]
    let columns: [String]
    let rows: @Sendable (StoredResult) -> [[String]]
    /// Further fields of a JSON object, which the provider's own do not have: names and values.
    var additions: @Sendable (StoredResult) -> [(name: String, json: String)] = { _ in [] }

    static func of(_ endpoint: String) -> ResultShape {
        switch endpoint {
        case ASINScope.images: .images
        case ASINScope.barcodes: .barcodes
        case UPCitemdb.lookup: .lookup
        default: .search
        }
    }

    static let images = ResultShape(
        productKey: "asin", bodyKey: "item", heading: "ASIN        IMAGES  FIRST IMAGE, TITLE",
        lines: { result in
            line(result, width: 10) { item in
                let images = item.texts("images")
                return HumanText.number(images.count).paddingLeft(to: 6)
                    + "  \(TerminalText.safe(images.first ?? "-"))  \(title(item))"
            }
        },
        columns: ["asin", "found", "title", "position", "url"],
        rows: { result in
            let item = ProviderItem(result.body)
            let head = [result.product, flag(result.isFound), item.text("title") ?? ""]
            let images = item.texts("images")
            if images.isEmpty { return [head + ["", ""]] }
            return images.enumerated().map { head + ["\($0 + 1)", $1] }
        })

    static let barcodes = ResultShape(
        productKey: "asin", bodyKey: "item",
        heading: "ASIN        UPC           EAN            TITLE",
        lines: { result in
            line(result, width: 10) { item in
                func code(_ name: String, _ list: String, width: Int) -> String {
                    TerminalText.safe(item.text(name) ?? item.texts(list).first ?? "-")
                        .padding(to: width)
                }
                return code("upc", "upcList", width: 12) + "  "
                    + code("ean", "eanList", width: 13) + "  \(title(item))"
            }
        },
        columns: ["asin", "found", "title", "upc", "ean", "upc_list", "ean_list"],
        rows: { result in
            let item = ProviderItem(result.body)
            return [
                [
                    result.product, flag(result.isFound), item.text("title") ?? "",
                    item.text("upc") ?? "", item.text("ean") ?? "",
                    item.texts("upcList").joined(separator: " "),
                    item.texts("eanList").joined(separator: " "),
                ]
            ]
        })

    static let lookup = ResultShape(
        productKey: "code", bodyKey: "item",
        heading: "CODE            OFFERS        LOWEST  BRAND, TITLE",
        lines: { result in
            line(result, width: 14) { item in offers(item) + "  " + brandAndTitle(item) }
        },
        columns: ["code", "found"] + ProviderItem.columns + ["lowest_prices"],
        rows: { result in
            [[result.product, flag(result.isFound)] + cells(ProviderItem(result.body))]
        },
        additions: { result in
            [("lowestPrices", LowestPrices(ProviderItem(result.body)).json)]
        })

    static let search = ResultShape(
        productKey: "query", bodyKey: "items",
        heading: "QUERY                 EAN            OFFERS        LOWEST  BRAND, TITLE",
        lines: { result in
            let query = TerminalText.excerpt(result.product, 20).padding(to: 20)
            guard result.isFound else { return [query + "  not found"] }
            return ProviderItem.all(result.body).map { item in
                let ean = TerminalText.excerpt(item.text("ean") ?? "-", 13).padding(to: 13)
                return "\(query)  \(ean)  \(offers(item))  \(brandAndTitle(item))"
            }
        },
        columns: ["query", "found", "position"] + ProviderItem.columns + ["lowest_prices"],
        rows: { result in
            let head = [result.product, flag(result.isFound)]
            let items = ProviderItem.all(result.body)
            if items.isEmpty { return [head + [""] + cells(ProviderItem(nil))] }
            return items.enumerated().map { head + ["\($0 + 1)"] + cells($1) }
        },
        additions: { result in
            let lowest = ProviderItem.all(result.body).map { LowestPrices($0).json }
            return [("lowestPrices", "[\(lowest.joined(separator: ","))]")]
        })

    private static func line(
        _ result: StoredResult, width: Int, _ rest: (ProviderItem) -> String
    ) -> [String] {
        let product = TerminalText.safe(result.product).padding(to: width)
        guard result.isFound else { return [product + "  not found"] }
        return ["\(product)  \(rest(ProviderItem(result.body)))"]
    }

    private static func flag(_ isFound: Bool) -> String { isFound ? "1" : "0" }

    private static func title(_ item: ProviderItem) -> String {
        TerminalText.excerpt(item.text("title") ?? "", 60)
    }

    private static func brandAndTitle(_ item: ProviderItem) -> String {
        let brand = TerminalText.excerpt(item.text("brand") ?? "", 20)
        return (brand.isEmpty ? "" : "\(brand), ") + title(item)
    }

    private static func cells(_ item: ProviderItem) -> [String] {
        item.cells + [LowestPrices(item).cell]
    }

    /// How many offers there are, and the lowest price in each currency.
    private static func offers(_ item: ProviderItem) -> String {
        let lowest = LowestPrices(item).text
        return HumanText.number(item.objects("offers").count).paddingLeft(to: 6) + "  "
            + (lowest.isEmpty ? "-" : lowest).paddingLeft(to: 12)
    }
}
