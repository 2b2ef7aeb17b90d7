/// Page, "ErrorResponse": `{"code": string, "message": string}`. A gateway in between may send
/// anything.
struct ErrorResponse {
    let code: String?
    let message: String?

    /// nil for a body that is not a JSON object.
    init?(_ body: [UInt8]) {
        guard let object = try? JSONBody.object(in: body) else { return nil }
        code = object.member("code")?.string
        message = object.member("message")?.string
    }

    /// `TOO_FAST: Request exceeds burst rate limit.`
    var words: String {
        [code, message].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ": ")
    }
}
