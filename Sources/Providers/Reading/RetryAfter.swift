/// The header field Retry-After: RFC 9110, section 10.2.3.
enum RetryAfter {
    /// More than any limit can last, and little enough to reckon with.
    static let secondsMax = 1e9

    /// Whole seconds. The other form of the field, a date, is ignored: it would be read off another
    /// machine's clock.
    static func duration(_ value: String) -> Duration? {
        let digits = PrintableText.onOneLine(value)
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Double(digits).map(duration)
    }

    static func duration(_ seconds: Double) -> Duration {
        .milliseconds(Int64((min(seconds, secondsMax) * 1000).rounded(.up)))
    }
}
