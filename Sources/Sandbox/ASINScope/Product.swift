/// The sandbox's data about one ASIN. Nothing is stored: the ASIN itself determines every field.
///
/// ASINs that start with `B0UNKNOWN` are products that the server does not know.
struct Product: Equatable {
    var asin: String
    /// Null if the product is unknown.
    var title: String?
    /// 0 to 8 addresses, the main image first.
    var images: [String]
    /// The primary code; may be null although the list is not empty, as in the page's example.
    var upc: String?
    var upcList: [String]
    var ean: String?
    var eanList: [String]

    /// A barcodes reply omits unknown products with an even last digit and includes the others with an empty
    /// title and lists: the page does not say which of the two happens.
    var isAbsentFromBarcodes: Bool {
        title == nil && asin.last.map("02468".contains) == true
    }

    /// The item of an images reply, in the page's order of fields.
    var imagesItem: ModeledJSONText {
        .object([
            "asin": .text(asin),
            "title": .textOrNull(title),
            "images": .texts(images),
        ])
    }

    /// The item of a barcodes reply, in the page's order of fields; its title is never null.
    var barcodesItem: ModeledJSONText {
        .object([
            "asin": .text(asin),
            "title": .text(title ?? ""),
            "upc": .textOrNull(upc),
            "upcList": .texts(upcList),
            "ean": .textOrNull(ean),
            "eanList": .texts(eanList),
        ])
    }
}
