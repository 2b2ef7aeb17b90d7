package import Providers

/// Products in messages.
extension ProductForm {
    /// One of them, for people.
    package var noun: String {
        switch self {
        case .asin: "ASIN"
        case .code: "code"
        case .query: "query"
        }
    }

    package var plural: String {
        switch self {
        case .asin: "ASINs"
        case .code: "codes"
        case .query: "queries"
        }
    }

    package var example: String {
        switch self {
        case .asin: "B0086FFHLS"
        case .code: "885909456017"
        case .query: "lego star wars"
        }
    }

    /// How wide a column of them is.
    package var width: Int {
        switch self {
        case .asin: 10
        case .code: 14
        case .query: 20
        }
    }
}
