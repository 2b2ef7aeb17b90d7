internal import Planning

extension ProviderReply {
    /// As much of a page of HTML as tells one gateway's from another's.
    private static let extractScalarsMax = 120

    /// As much of the server's words as is searched for times and other hints, and far more than any
    /// has. To take 16 MiB of words apart took 14 seconds and 2.5 GB.
    private static let wordsScalarsMax = 10_000

    /// The server's words on one line, the key hidden: those that it put in the documented place; where
    /// there are none, the beginning of the body; where that is empty, `http_503`.
    func words(documented: String?, key: String) -> String {
        let words =
            documented.map {
                PrintableText.make($0, hiding: key, scalarsMax: Self.wordsScalarsMax)
            } ?? ""
        if !words.isEmpty { return words }
        let extract = extract(hiding: key)
        return extract.isEmpty ? "http_\(status)" : extract
    }

    /// What is wrong, with the address that was asked, where a redirect leads, and the setting to change.
    func wrongAddress(
        _ words: String, asked url: String, setting: String, key: String
    ) -> String {
        let target = headers["location"].map { "; redirects to \($0)" } ?? ""
        return PrintableText.make(
            "\(words)\(target); asked \(url); check \(setting)", hiding: key)
    }

    /// When to come back, by the header field Retry-After, from the arrival of the reply; nil where it is
    /// missing, cannot be read, or repeats the key.
    func retryAfter(hiding key: String) -> Duration? {
        guard let value = headers["retry-after"], !SecretKey.isRepeated(key, by: value) else {
            return nil
        }
        return RetryAfter.duration(value, now: serverAt ?? receivedAt)
    }

    /// A reply that should be an answer and is none.
    func unreadable(_ error: UnreadableBody, key: String) -> CallOutcome {
        let reason = "unreadable_body: \(error)"
        let extract = extract(hiding: key)
        return .failed(
            status: status,
            message: PrintableText.make(
                [.empty, .repeatsKey].contains(error) || extract.isEmpty
                    ? reason : "\(reason): \(extract)", hiding: key))
    }

    /// The beginning of a body that says nothing in the documented form; empty where it is not text.
    private func extract(hiding key: String) -> String {
        guard let text = String(validating: body, as: UTF8.self) else { return "" }
        return PrintableText.make(text, hiding: key, scalarsMax: Self.extractScalarsMax)
    }
}
