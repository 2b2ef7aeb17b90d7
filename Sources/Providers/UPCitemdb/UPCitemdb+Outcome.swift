package import Planning

extension UPCitemdb {
    /// What `reply` means for the call that asked `endpoint` about the products `asked`.
    ///
    /// Page, "ErrorResponse": 400, 401, 404, 429 and 50x, each with a code. Other statuses are failures,
    /// except 403, which means the same as 401, and the statuses of a wrong address.
    ///
    /// - Parameters:
    ///   - key: The key that the call was made with, so that no part of the outcome repeats it.
    ///   - address: Where the call was made, for the message about a wrong address.
    package static func outcome(
        of reply: ProviderReply, endpoint: String, asked: [String], key: String,
        address: ProviderAddress = definition.account().address
    ) -> CallOutcome {
        let fields = RateLimitFields(reply, key: key)
        guard reply.status != 200 else {
            do {
                let items = try items(in: reply.body, endpoint: endpoint, asked: asked, key: key)
                return .succeeded(answer(items, status: 200, fields))
            } catch {
                return reply.unreadable(error, key: key)
            }
        }
        let refusal = ErrorResponse(reply.body)
        let words = reply.words(documented: refusal?.words, key: key)
        let message = PrintableText.make(words, hiding: key)
        switch reply.status {
        // Page, NOT_FOUND: "No matched item was found or wrong endpoint path". The endpoints' paths are fixed
        // in the code, so it means no matched item.
        case 404 where refusal?.code == "NOT_FOUND":
            return .succeeded(answer(noItems(endpoint, asked), status: 404, fields))
        // Without a code it is a gateway's reply, which knows neither the key nor the products.
        case let status
        where CallOutcome.interceptedStatuses.contains(status) && refusal?.code == nil:
            return .intercepted(status: status, hint: fields.retryAfter, message: message)
        case 401, 403:
            return .unauthorized(status: reply.status, message: message)
        case let status where CallOutcome.addressStatuses.contains(status):
            return .misdirected(
                status: status,
                message: reply.wrongAddress(
                    words, asked: ProviderRequest.url(of: endpoint, below: address.baseURL),
                    setting: address.setting, key: key))
        case 400 where ["INVALID_UPC", "INVALID_QUERY"].contains(refusal?.code):
            return .rejected(status: 400, message: message)
        // Another 400 says nothing about the product: treating it as the API's answer would discard a queue
        // job by job.
        case 400 where isAboutKey(words):
            return .unauthorized(status: 400, message: message)
        case 429:
            return rateLimited(refusal?.code, fields, message: message)
        default:
            return .failed(status: reply.status, hint: fields.retryAfter, message: message)
        }
    }

    /// Page: EXCEED_LIMIT is the day's, TOO_FAST the burst's. HTTP_TOO_MANY_REQUESTS is the vendor's own
    /// problem, and a 429 without a code a gateway's. It is not documented which window the numbers of these
    /// two describe; treating it as the day's would let one of them stop a lane until tomorrow.
    private static func rateLimited(
        _ code: String?, _ fields: RateLimitFields, message: String
    ) -> CallOutcome {
        switch code {
        case "EXCEED_LIMIT":
            .rateLimited(.day, hint: fields.hint, allowance: fields.limit, message: message)
        case "TOO_FAST":
            .rateLimited(.minute, hint: fields.hint, message: message)
        default:
            .rateLimited(.minute, hint: fields.retryAfter, message: message)
        }
    }

    private static func answer(
        _ items: [String: Item], status: Int, _ fields: RateLimitFields
    ) -> Answer {
        Answer(
            items: items, dailyRemaining: fields.remaining, resetsIn: fields.resetsIn,
            allowance: fields.limit, status: status)
    }

    private static func isAboutKey(_ words: String) -> Bool {
        let words = words.lowercased()
        return ["auth_err", "user_key", "user key", "api key", "api_key", "apikey"]
            .contains { words.contains($0) }
    }
}

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
