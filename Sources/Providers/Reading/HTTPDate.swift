internal import Planning

/// The instant in a header field: RFC 9110, section 5.6.7, in the form that every server must send, `Sun, 06
/// Nov 1994 08:49:37 GMT`, or one of the two obsolete ones that a recipient must accept, `Sunday, 06-Nov-94
/// 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Unix seconds; nil for any other form. The day of the week is not checked.
    static func seconds(_ text: String) -> Int? {
        let fixed = /[A-Z][a-z]{2}, ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9:]{8}) GMT/
        let rfc850 = /[A-Z][a-z]{5,8}, ([0-9]{2})-([A-Z][a-z]{2})-([0-9]{2}) ([0-9:]{8}) GMT/
        let asctime = /[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ 0-9][0-9]) ([0-9:]{8}) ([0-9]{4})/
        if let parts = text.wholeMatch(of: fixed)?.output {
            return seconds(day: parts.1, month: parts.2, year: Int(parts.3), time: parts.4)
        }
        if let parts = text.wholeMatch(of: rfc850)?.output {
            // No date of this form is before 1970.
            let year = Int(parts.3).map { $0 < 70 ? 2000 + $0 : 1900 + $0 }
            return seconds(day: parts.1, month: parts.2, year: year, time: parts.4)
        }
        guard let parts = text.wholeMatch(of: asctime)?.output else { return nil }
        let day = parts.2.drop { $0 == " " }
        return seconds(day: day, month: parts.1, year: Int(parts.4), time: parts.3)
    }

    private static func seconds(
        day: Substring, month: Substring, year: Int?, time: Substring
    ) -> Int? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false)
            .filter { $0.count == 2 }.compactMap { Int($0) }
        guard let day = Int(day), let year, clock.count == 3,
            let month = months.firstIndex(of: String(month)),
            let midnight = Timestamp(year: year, month: month + 1, day: day),
            clock[0] < 24, clock[1] < 60, clock[2] <= 60
        else { return nil }
        return Int(midnight.milliseconds / 1_000) + clock[0] * 3_600 + clock[1] * 60 + clock[2]
    }
}
