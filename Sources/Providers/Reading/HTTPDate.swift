internal import Planning

/// The instant that the header field Date names: RFC 9110, section 5.6.7, in the form that every
/// server must send, `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Unix seconds; nil for anything else than that form. The day of the week is not compared.
    static func seconds(_ text: String) -> Int? {
        let pattern =
            /[A-Z][a-z]{2}, ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT/
        guard let parts = text.wholeMatch(of: pattern)?.output,
            let day = Int(parts.1), let year = Int(parts.3), let hour = Int(parts.4),
            let minute = Int(parts.5), let second = Int(parts.6),
            let month = months.firstIndex(of: String(parts.2)),
            let midnight = Timestamp(year: year, month: month + 1, day: day),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        return Int(midnight.milliseconds / 1_000) + hour * 3_600 + minute * 60 + second
    }
}
