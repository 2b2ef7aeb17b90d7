/// The server's statement of when to retry, in its message.
///
/// Page, "Common Error Scenarios": "Try again in 36 seconds" at a minute limit, "Please try again in 320
/// minutes" at the daily limit.
enum RetryHint {
    private static let secondsPerUnit: [Substring: Double] = [
        "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
        "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
        "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
    ]

    /// "in 36 seconds", "in 1 hour 20 minutes", "in 1 hour, 20 minutes and 5 seconds": the longest, if the
    /// text has several.
    static func inText(_ words: String) -> Duration? {
        let tokens = tokens(words.lowercased())
        return tokens.indices
            .filter { tokens[$0] == "in" }
            .compactMap { seconds(tokens[($0 + 1)...]) }
            .max()
            .map { RetryAfter.duration($0) }
    }

    /// The sum of the amounts that `tokens` begins with; nil if it begins with none.
    private static func seconds(_ tokens: ArraySlice<Substring>) -> Double? {
        var rest = tokens
        var sum: Double?
        while let number = rest.first.flatMap({ Double($0) }),
            let unit = rest.dropFirst().first.flatMap({ secondsPerUnit[$0] })
        {
            sum = (sum ?? 0) + number * unit
            rest = rest.dropFirst(2)
            if rest.first == "and" { rest = rest.dropFirst() }
        }
        return sum
    }

    /// Runs of digits (with at most one decimal point) and runs of letters.
    private static func tokens(_ text: String) -> [Substring] {
        text.matches(of: /[0-9]+(?:\.[0-9]+)?|[a-z]+/).map(\.output)
    }
}
