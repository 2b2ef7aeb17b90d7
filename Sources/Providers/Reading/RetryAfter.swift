internal import Planning

/// The header field Retry-After: RFC 9110, section 10.2.3.
enum RetryAfter {
    /// Longer than any limit can last, and small enough to calculate with.
    static let secondsMax = 1e9

    /// Whole seconds, or a date.
    ///
    /// - Parameter now: The reply's own Date, so that no clock of ours is in the difference; without one, our
    ///   clock. Both are cut to seconds, so a date may mean almost a second more.
    static func duration(_ value: String, now: Timestamp?) -> Duration? {
        let text = PrintableText.onOneLine(value)
        if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            return Double(text).map(duration)
        }
        guard let now, let at = HTTPDate.seconds(text) else { return nil }
        return duration(max(0, Double(Int64(at + 1) * 1_000 - now.milliseconds) / 1_000))
    }

    static func duration(_ seconds: Double) -> Duration {
        .milliseconds(Int64((min(seconds, secondsMax) * 1000).rounded(.up)))
    }
}
