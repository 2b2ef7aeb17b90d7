/// A reply other than 200, in the page's shape: `statusCode`, `error` and `message`.
///
/// Texts marked *page* are quoted from the page; for the others the page gives only the status.
struct Refusal: Error {
    enum Message: Equatable {
        case text(String)
        case list([String])
    }

    /// The limit that refused the call, and when it stops refusing the same call.
    enum Limit: Equatable {
        case minute(untilMilliseconds: Int64)
        case day(untilMilliseconds: Int64)
    }

    var status: Int
    var error: String
    var message: Message
    var limit: Limit?

    var reply: SandboxReply {
        let text: ModeledJSONText =
            switch message {
            case .text(let text): .text(text)
            case .list(let texts): .texts(texts)
            }
        return SandboxReply(
            status: status,
            json: .object([
                "statusCode": .number(Int64(status)),
                "error": .text(error),
                "message": text,
            ]))
    }

    static let unreadableBody = Refusal(
        status: 400, error: "Bad Request", message: .text("Request body is not a JSON object"))

    /// Page, "Missing API Key".
    static let missingKey = Refusal(
        status: 400, error: "Bad Request", message: .text("API key is required in request body"))

    /// Page, "Invalid API Key".
    static let wrongKey = Refusal(
        status: 401, error: "Unauthorized", message: .text("Invalid API key"))

    /// Page, "HTTP Status Codes": the sentence given for 403.
    static let notSubscribed = Refusal(
        status: 403, error: "Forbidden",
        message: .text("Subscription doesn't include access to this feature"))

    static let serverError = Refusal(
        status: 500, error: "Internal Server Error", message: .text("Internal server error"))

    static func notFound(method: String, path: String) -> Refusal {
        Refusal(status: 404, error: "Not Found", message: .text("Cannot \(method) \(path)"))
    }

    /// Page, "Exceeded Request Size", for the format: one message for each error.
    static func invalid(_ messages: [String]) -> Refusal {
        Refusal(status: 400, error: "Bad Request", message: .list(messages))
    }

    /// Page, "Per-minute rate limit exceeded": the same sentence for both endpoints, counting
    /// `products` or `images`.
    static func minuteLimit(
        _ noun: String, required: Int, available: Int, waitMilliseconds: Int64,
        atMilliseconds now: Int64
    ) -> Refusal {
        let seconds = (waitMilliseconds + 999) / 1000
        return Refusal(
            status: 429, error: "Too Many Requests",
            message: .text(
                "Not enough capacity. Required: \(required) \(noun), "
                    + "Available: \(available) \(noun). Try again in \(seconds) seconds"),
            limit: .minute(untilMilliseconds: now + seconds * 1000))
    }

    /// Page, "Daily limit exceeded": the wait is in minutes, not seconds.
    static func dailyLimit(resetMilliseconds: Int64, atMilliseconds now: Int64) -> Refusal {
        let minutes = (resetMilliseconds - now + 59_999) / 60_000
        return Refusal(
            status: 429, error: "Too Many Requests",
            message: .text("Daily limit reached. Please try again in \(minutes) minutes"),
            limit: .day(untilMilliseconds: resetMilliseconds))
    }
}
