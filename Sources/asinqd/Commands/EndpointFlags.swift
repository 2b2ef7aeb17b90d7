import ArgumentParser
import Providers

/// The endpoints that a command is about, as flags.
struct EndpointFlags: ParsableArguments {
    @Flag(name: .long, help: "Titles and image addresses, by ASIN.")
    var images = false

    @Flag(name: .long, help: "UPC and EAN codes, by ASIN.")
    var barcodes = false

    @Flag(name: .long, help: "Items and their offers, by UPC, EAN, GTIN or ISBN.")
    var lookup = false

    @Flag(name: .long, help: "Items and their offers, by words.")
    var search = false

    /// In the order of the words above; empty where no flag is given.
    var names: [String] {
        [
            (images, ASINScope.images), (barcodes, ASINScope.barcodes),
            (lookup, UPCitemdb.lookup), (search, UPCitemdb.search),
        ].filter(\.0).map(\.1)
    }

    /// What the endpoints' products look like, where that is the same for all of them.
    var form: ProductForm? {
        let forms = Set(names.map(ProductForm.init(endpoint:)))
        return forms.count == 1 ? forms.first : nil
    }
}

extension ProductForm {
    init(endpoint: String) {
        self =
            switch endpoint {
            case UPCitemdb.lookup: .code
            case UPCitemdb.search: .query
            default: .asin
            }
    }

    /// One of them, for people.
    var noun: String {
        switch self {
        case .asin: "ASIN"
        case .code: "code"
        case .query: "query"
        }
    }

    var plural: String {
        switch self {
        case .asin: "ASINs"
        case .code: "codes"
        case .query: "queries"
        }
    }

    var example: String {
        switch self {
        case .asin: "B0086FFHLS"
        case .code: "885909456017"
        case .query: "lego star wars"
        }
    }

}
