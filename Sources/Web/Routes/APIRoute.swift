internal import Foundation
internal import Hummingbird
internal import Operations

/// One request of the API: what it takes, who may send it, what it answers. The router and the API's
/// description are made from the same list of them.
struct APIRoute: Sendable {
    /// What a request carries.
    struct Body: Sendable {
        /// The schema by media type.
        var content: [String: JSONLiteral]
        var bytesMax: Int
    }

    /// What the response to a request that succeeds carries.
    struct Answer: Sendable {
        var content: [String: JSONLiteral]
        var summary: String

        static func json(_ schema: JSONLiteral, _ summary: String) -> Answer {
            Answer(content: ["application/json": schema], summary: summary)
        }
    }

    var method: HTTPRequest.Method
    /// With the names of its parameters in braces: `/api/v1/jobs/{id}`.
    var path: String
    var summary: String
    /// The least role; nil where no token is needed.
    var role: AccessRole?
    var parameters: [QueryParameter] = []
    var body: Body?
    var answer: Answer
    let handle: @Sendable (APICall) async throws -> Response

    /// Whether it changes something, so that a read-only service refuses it.
    var isWriting: Bool { role.map { $0 > .reader } ?? false }
}

/// A request that passed the checks of its route.
struct APICall: Sendable {
    let request: Request
    let context: WebContext
    let service: WebService
    /// How long the body may be.
    let bodyBytesMax: Int
    /// The checked parameters by name.
    let values: [String: String]

    subscript(_ name: String) -> String? { values[name] }

    func integer(_ name: String) -> Int? { values[name].flatMap(QueryParameter.integer) }

    /// - Throws: `Problem` for a parameter that is missing, unknown, repeated or wrong.
    init(
        _ request: Request, _ context: WebContext, _ route: APIRoute, _ service: WebService
    ) throws {
        self.request = request
        self.context = context
        self.service = service
        bodyBytesMax = route.body?.bytesMax ?? 0
        if let role = route.role {
            guard let caller = context.caller else {
                throw Problem.unauthorized("The request has no token.")
            }
            guard caller.role >= role else {
                throw Problem(
                    .forbidden, "A \(caller.role.rawValue) may not do this.",
                    hint: "use a token with the role \(role.rawValue).")
            }
            if route.isWriting && service.database.isReadOnly { throw Problem.readOnly }
        }
        var values = try Self.query(request)
        for parameter in route.parameters where parameter.isInPath {
            values[parameter.name] = try context.parameters.get(parameter.name).map {
                try Self.decoded($0)
            }
        }
        let known = route.parameters.map(\.name)
        if let other = values.keys.sorted().first(where: { !known.contains($0) }) {
            let nearest = Spelling.nearest(to: other, among: known)
            throw Problem.badRequest(
                "There is no parameter \(TerminalText.excerpt(other, 60)).",
                hint: nearest.map { "use \($0)." }
                    ?? (known.isEmpty ? nil : "use \(known.joined(separator: ", "))."))
        }
        for parameter in route.parameters {
            if let value = values[parameter.name] {
                try parameter.check(value)
            } else if parameter.isRequired {
                throw Problem.badRequest("The parameter \(parameter.name) is missing.")
            }
        }
        self.values = values
    }

    /// - Throws: `Problem` for a parameter that is given twice.
    static func query(_ request: Request) throws -> [String: String] {
        var values: [String: String] = [:]
        for (name, value) in try pairs(request.uri.query ?? "") {
            guard values.updateValue(value, forKey: name) == nil else {
                throw Problem.badRequest(
                    "The parameter \(TerminalText.excerpt(name, 60)) is given twice.")
            }
        }
        return values
    }

    /// The fields of a form, in the encoding of addresses.
    static func pairs(_ text: String) throws -> [(String, String)] {
        try text.split(separator: "&").map { part in
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { $0.replacing("+", with: " ") }
            return (try decoded(pair[0]), pair.count > 1 ? try decoded(pair[1]) : "")
        }
    }

    private static func decoded(_ text: some StringProtocol) throws -> String {
        guard let decoded = text.removingPercentEncoding else {
            throw Problem.badRequest("The address has a part that is not percent-encoded UTF-8.")
        }
        return decoded
    }
}
