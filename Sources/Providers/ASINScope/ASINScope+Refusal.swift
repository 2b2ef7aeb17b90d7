internal import Planning

/// Page, "Error Response Format": `{"statusCode": number, "error": "Error Type", "message": …}`, whose
/// `message` is a text or a list of texts. A gateway in between may send anything.
extension ASINScope {
    static func documentedWords(in body: [UInt8]) -> String? {
        guard let object = try? JSONBody.object(in: body) else { return nil }
        let message = object.member("message")
        let texts = message?.elements?.compactMap(\.string) ?? [message?.string].compactMap(\.self)
        return texts.isEmpty ? object.member("error")?.string : texts.joined(separator: "; ")
    }

    /// Whether the reply has the documented format with its own status in it. A reply without it comes from a
    /// gateway in between.
    static func isErrorResponse(_ reply: ProviderReply) -> Bool {
        guard let object = try? JSONBody.object(in: reply.body) else { return false }
        return object.member("statusCode")?.number == Double(reply.status)
            && documentedWords(in: reply.body) != nil
    }

    /// Page, "Missing API Key": a 400 with "API key is required in request body". The server's validator
    /// would name the field: "key must be a string". Such a reply refuses every batch. Treating it as a bad
    /// product would discard a whole queue, one job after the other.
    static func isAboutKey(_ words: String) -> Bool {
        let words = words.lowercased()
        return ["api key", "apikey", "api_key", "; key "].contains { "; \(words)".contains($0) }
    }

    /// Page, "Daily limit exceeded": "Daily limit reached. Please try again in 320 minutes". Any
    /// other 429 is one endpoint's own: "Not enough capacity. …".
    static func limit(in words: String) -> RateLimitScope {
        words.lowercased().contains("daily limit") ? .day : .minute
    }
}
