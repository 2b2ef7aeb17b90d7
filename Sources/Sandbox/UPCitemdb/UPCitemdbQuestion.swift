import Foundation

/// The readable fields of a request's body. A field of a wrong type counts as missing.
struct UPCitemdbQuestion: Decodable {
    /// Codes with commas between them.
    var upc: String?
    /// The words to search for.
    var s: String?
    /// The offset of the page.
    var offset: Int?
    /// 0 for the best match, 1 for all keywords. The sandbox's matches are the same for both.
    var matchMode: Int?
    /// `product` or `book`.
    var type: String?
    /// Returned with the items.
    var userData: String?

    enum CodingKeys: String, CodingKey {
        case upc, s, offset, type
        case matchMode = "match_mode"
        case userData = "user_data"
    }

    /// Reads a body, or refuses it: it has to be declared as JSON, and be an object.
    init(_ request: SandboxRequest) throws(UPCitemdbRefusal) {
        guard request.declaresJSON,
            let question = try? JSONDecoder().decode(Self.self, from: Data(request.body))
        else { throw .invalidQuery("The request is not a JSON object.") }
        self = question
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        upc = try? fields.decode(String.self, forKey: .upc)
        s = try? fields.decode(String.self, forKey: .s)
        offset = try? fields.decode(Int.self, forKey: .offset)
        matchMode = try? fields.decode(Int.self, forKey: .matchMode)
        type = try? fields.decode(String.self, forKey: .type)
        userData = try? fields.decode(String.self, forKey: .userData)
    }
}
