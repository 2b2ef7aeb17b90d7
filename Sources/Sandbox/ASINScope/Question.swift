import Foundation

/// The readable fields of a request's body.
struct Question {
    var key: String
    /// Null if the field is missing or is not a list of strings.
    var asins: [String]?

    /// Reads a body, or refuses it: it has to be a JSON object with a key.
    init(_ request: SandboxRequest) throws(Refusal) {
        guard request.declaresJSON else { throw .missingKey }
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(request.body)) else {
            throw .unreadableBody
        }
        guard let key = fields.key, !key.isEmpty else { throw .missingKey }
        self.key = key
        asins = fields.asins
    }

    /// Treats a field of the wrong type as missing, so that the checks keep their order.
    private struct Fields: Decodable {
        var key: String?
        var asins: [String]?

        enum CodingKeys: CodingKey {
            case key, asins
        }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            key = try? fields.decode(String.self, forKey: .key)
            asins = try? fields.decode([String].self, forKey: .asins)
        }
    }
}
