extension UPCitemdb {
    /// Lookups: one item.
    static let lookupShape = ResultShape(
        columns: itemColumns,
        lineColumns: offersColumns,
        additions: [
            ResultShape.Addition("lowestPrices") { LowestPrices(ResultItem($0)).json }
        ])

    /// Searches: an array of items.
    static let searchShape = ResultShape(
        bodyKey: "items", rowSource: .elements, columns: [.position] + itemColumns,
        lineSource: .elements,
        lineColumns: [
            LineColumn("EAN", width: 13, missing: "-") { item in
                [item.text("ean").map { .text($0, max: 13) }].compactMap(\.self)
            }
        ] + offersColumns,
        additions: [
            ResultShape.Addition("lowestPrices") { body in
                let lowest = ResultItem.elements(of: body).map { LowestPrices($0).json }
                return "[\(lowest.joined(separator: ","))]"
            }
        ])

    /// An item's attributes in the order of the provider's page, as in the view `item`.
    private static let itemColumns: [ResultShape.Column] =
        [
            "ean", "title", "upc", "gtin", "elid", "description", "brand", "model", "color", "size",
            "dimension", "weight", "category", "currency", "lowest_recorded_price",
            "highest_recorded_price",
        ].map(ResultShape.Column.field) + [
            .list("images", of: "images"),
            ResultShape.Column("offers") {
                $0.item.isEmpty ? "" : "\($0.item.objects("offers").count)"
            },
            .field("user_data"),
            ResultShape.Column("lowest_prices") { LowestPrices($0.item).cell },
        ]

    /// The number of offers, the lowest price in each currency, and the item's description.
    private static let offersColumns = [
        LineColumn("OFFERS", width: 6, isNumber: true) { [.count($0.objects("offers").count)] },
        LineColumn("LOWEST", width: 12, isNumber: true, missing: "-") { item in
            LowestPrices(item).all.map { .price($0.price, currency: $0.currency) }
        },
        LineColumn("BRAND, TITLE") { item in
            [.text(item.text("brand") ?? "", max: 20), .text(item.text("title") ?? "", max: 60)]
        },
    ]
}
