package import Planning

extension ASINScope {
    /// What `reply` means for the call that asked `endpoint` about the products `asked`.
    ///
    /// Page, "HTTP Status Codes": 200, 400, 401, 403, 429, 500. Other statuses are failures, except 201, the
    /// usual answer to a POST of the framework whose error format this is; 413 and 422, which mean the same
    /// as 400; and the statuses of a wrong address.
    ///
    /// - Parameters:
    ///   - key: The key that the call was made with, so that no part of the outcome repeats it.
    ///   - address: Where the call was made, for the message about a wrong address.
    package static func outcome(
        of reply: ProviderReply, endpoint: String, asked: [String], key: String,
        address: ProviderAddress = definition.account().address
    ) -> CallOutcome {
        let retryAfter = reply.retryAfter(hiding: key)
        switch reply.status {
        case 200, 201:
            do {
                return .succeeded(
                    try answer(in: reply.body, endpoint: endpoint, asked: asked, key: key))
            } catch {
                return reply.unreadable(error, key: key)
            }
        // A reply in another format than the documented one is a gateway's, which knows no ASINs: treating
        // it as the API's answer would discard a queue job by job.
        case 400, 413, 422:
            guard documentedWords(in: reply.body) != nil else {
                return .failed(
                    status: reply.status, hint: retryAfter, message: message(in: reply, key: key))
            }
            let words = words(in: reply, key: key)
            let message = PrintableText.make(words, hiding: key)
            return isAboutKey(words)
                ? .unauthorized(status: reply.status, message: message)
                : .rejected(status: reply.status, message: message)
        case let status
        where CallOutcome.interceptedStatuses.contains(status) && !isErrorResponse(reply):
            return .intercepted(
                status: status, hint: retryAfter, message: message(in: reply, key: key))
        case 401, 403:
            return .unauthorized(status: reply.status, message: message(in: reply, key: key))
        case let status where CallOutcome.addressStatuses.contains(status):
            return .misdirected(
                status: status,
                message: reply.wrongAddress(
                    words(in: reply, key: key),
                    asked: ProviderRequest.url(of: endpoint, below: address.baseURL),
                    setting: address.setting, key: key))
        case 429:
            let words = words(in: reply, key: key)
            return .rateLimited(
                limit(in: words),
                hint: [RetryHint.inText(words), retryAfter].compactMap(\.self).max(),
                message: PrintableText.make(words, hiding: key))
        default:
            return .failed(
                status: reply.status, hint: retryAfter, message: message(in: reply, key: key))
        }
    }

    private static func words(in reply: ProviderReply, key: String) -> String {
        reply.words(documented: documentedWords(in: reply.body), key: key)
    }

    private static func message(in reply: ProviderReply, key: String) -> String {
        PrintableText.make(words(in: reply, key: key), hiding: key)
    }
}
