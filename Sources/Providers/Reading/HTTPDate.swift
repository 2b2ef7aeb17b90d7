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
            year >= 1970, hour < 24, minute < 60, second <= 60,
            (1...daysIn(month: month, of: year)).contains(day)
        else { return nil }
        let daysBefore =
            (0..<month).reduce(daysBefore(year: year)) { $0 + daysIn(month: $1, of: year) }
        return (daysBefore + day - 1) * 86_400 + hour * 3_600 + minute * 60 + second
    }

    /// From the beginning of 1970 to that of `year`.
    private static func daysBefore(year: Int) -> Int {
        let past = year - 1
        return (year - 1970) * 365 + past / 4 - past / 100 + past / 400 - 477
    }

    private static func daysIn(month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month]
    }
}
