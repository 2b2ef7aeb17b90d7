internal import Planning

extension ProviderReply {
    /// Enough of an HTML page to distinguish one gateway from another.
    private static let extractScalarsMax = 120

    /// The part of the server's message that is searched for times and other hints, far longer than any real
    /// message. Tokenizing 16 MiB of it took 14 seconds and 2.5 GB.
    private static let wordsScalarsMax = 10_000

    /// The server's message on one line, with the key hidden: the documented field; if there is none, the
    /// beginning of the body; if that is empty, `http_503`.
    func words(documented: String?, key: String) -> String {
        let words =
            documented.map {
                PrintableText.make($0, hiding: key, scalarsMax: Self.wordsScalarsMax)
            } ?? ""
        if !words.isEmpty { return words }
        let extract = extract(hiding: key)
        return extract.isEmpty ? "http_\(status)" : extract
    }

    /// The error, with the address of the request, the target of a redirect, and the setting to change.
    func wrongAddress(
        _ words: String, asked url: String, setting: String, key: String
    ) -> String {
        let target = headers["location"].map { "; redirects to \($0)" } ?? ""
        return PrintableText.make(
            "\(words)\(target); asked \(url); check \(setting)", hiding: key)
    }

    /// When to retry, by the header field Retry-After, counted from the arrival of the reply; nil if it is
    /// missing, cannot be read, or repeats the key.
    func retryAfter(hiding key: String) -> Duration? {
        guard let value = headers["retry-after"], !SecretKey.isRepeated(key, by: value) else {
            return nil
        }
        return RetryAfter.duration(value, now: serverAt ?? receivedAt)
    }

    /// A reply that should be an answer but is not.
    func unreadable(_ error: UnreadableBody, key: String) -> CallOutcome {
        let reason = "unreadable_body: \(error)"
        let extract = extract(hiding: key)
        return .failed(
            status: status,
            message: PrintableText.make(
                [.empty, .repeatsKey].contains(error) || extract.isEmpty
                    ? reason : "\(reason): \(extract)", hiding: key))
    }

    /// The beginning of a body without the documented message; empty if it is not text.
    private func extract(hiding key: String) -> String {
        guard let text = String(validating: body, as: UTF8.self) else { return "" }
        return PrintableText.make(text, hiding: key, scalarsMax: Self.extractScalarsMax)
    }
}
