/// Why a body that should answer a request does not. The descriptions follow the code
/// `unreadable_body` in the ledger.
enum UnreadableBody: Error, Equatable {
    case empty
    case notUTF8
    case nested(levelsMax: Int)
    case notJSON
    case notAnObject
    /// Without the code that marks an answer, or with another code.
    case notOK
    case noItems
    /// Items, but none for a product of the request.
    case foreignItems
    /// The item would carry the key into the database.
    case repeatsKey
}

extension UnreadableBody: CustomStringConvertible {
    var description: String {
        switch self {
        case .empty: "empty"
        case .notUTF8: "not UTF-8"
        case .nested(let levelsMax): "nested deeper than \(levelsMax) levels"
        case .notJSON: "not JSON"
        case .notAnObject: "not a JSON object"
        case .notOK: "its code is not OK"
        case .noItems: "no list of items"
        case .foreignItems: "no item for a product that was asked"
        case .repeatsKey: "an item repeats the API key"
        }
    }
}
