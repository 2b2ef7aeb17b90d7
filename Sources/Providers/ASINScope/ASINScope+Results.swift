extension ASINScope {
    /// Images: one row for each image.
    static let imagesShape = ResultShape(
        rowSource: .texts("images"),
        columns: [
            title, .position, ResultShape.Column("url") { $0.text ?? "" },
        ],
        lineColumns: [
            LineColumn("IMAGES", width: 6, isNumber: true) { [.count($0.texts("images").count)] },
            LineColumn("FIRST IMAGE, TITLE", missing: "-") { item in
                item.texts("images").first.map { [.text($0)] } ?? []
            },
            titleLine(""),
        ])

    static let barcodesShape = ResultShape(
        columns: [
            title, text("upc"), text("ean"), .list("upc_list", of: "upcList"),
            .list("ean_list", of: "eanList"),
        ],
        lineColumns: [
            code("UPC", "upc", "upcList", width: 12), code("EAN", "ean", "eanList", width: 13),
            titleLine("TITLE"),
        ])

    private static let title = text("title")

    private static func text(_ name: String) -> ResultShape.Column {
        ResultShape.Column(name) { $0.item.text(name) ?? "" }
    }

    private static func titleLine(_ heading: String) -> LineColumn {
        LineColumn(heading) { [.text($0.text("title") ?? "", max: 60)] }
    }

    private static func code(
        _ heading: String, _ name: String, _ list: String, width: Int
    ) -> LineColumn {
        LineColumn(heading, width: width, missing: "-") { item in
            [item.text(name) ?? item.texts(list).first].compactMap { $0.map { .text($0) } }
        }
    }
}
