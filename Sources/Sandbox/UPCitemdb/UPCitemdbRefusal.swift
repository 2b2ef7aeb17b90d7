/// A reply other than 200 in the page's format, `code` and `message`. The codes are the page's; it gives only
/// the topics of the messages.
struct UPCitemdbRefusal: Error {
    /// The limit that refused the call.
    enum Limit {
        case burst(BurstBlock)
        /// The endpoints whose day is over.
        case day([UPCitemdbEndpoint])
    }

    var status: Int
    var code: String
    var message: String
    var limit: Limit?

    var reply: SandboxReply {
        SandboxReply(
            status: status, json: .object(["code": .text(code), "message": .text(message)]))
    }

    /// Whether ``UPCitemdbLimits/chargesRefusals`` applies to it.
    var mayBeCharged: Bool {
        [400, 404, 429].contains(status)
    }

    static func invalidQuery(_ message: String) -> UPCitemdbRefusal {
        UPCitemdbRefusal(status: 400, code: "INVALID_QUERY", message: message)
    }

    static let invalidUPC = UPCitemdbRefusal(
        status: 400, code: "INVALID_UPC", message: "Not a valid UPC code.")

    static let unauthorized = UPCitemdbRefusal(
        status: 401, code: "AUTH_ERR", message: "The user_key can not be authenticated.")

    static let notFound = UPCitemdbRefusal(
        status: 404, code: "NOT_FOUND", message: "No matched item was found.")

    static let busy = UPCitemdbRefusal(
        status: 429, code: "HTTP_TOO_MANY_REQUESTS", message: "Too many requests.")

    static let serverError = UPCitemdbRefusal(
        status: 500, code: "SERVER_ERR", message: "Internal server error.")

    static func tooFast(_ block: BurstBlock) -> UPCitemdbRefusal {
        UPCitemdbRefusal(
            status: 429, code: "TOO_FAST", message: "Request exceeds burst rate limit.",
            limit: .burst(block))
    }

    static func dailyLimit(of endpoints: [UPCitemdbEndpoint]) -> UPCitemdbRefusal {
        UPCitemdbRefusal(
            status: 429, code: "EXCEED_LIMIT", message: "Exceed daily request limits.",
            limit: .day(endpoints))
    }
}
