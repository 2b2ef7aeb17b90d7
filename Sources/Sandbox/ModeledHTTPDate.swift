/// The text of a `Date` header.
enum ModeledHTTPDate {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// RFC 9110, section 5.6.7: IMF-fixdate, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func text(atMilliseconds now: Int64) -> String {
        let seconds = now / 1000
        let (year, month, day) = civil(daysSince1970: seconds / 86_400)
        let weekday = weekdays[Int(seconds / 86_400 % 7)]
        let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map(twoDigits)
        return "\(weekday), \(twoDigits(day)) \(months[Int(month) - 1]) \(year) "
            + "\(clock.joined(separator: ":")) GMT"
    }

    /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`, for days from 1970
    /// on: years begin in March, so that the leap day is the year's last.
    private static func civil(daysSince1970 days: Int64) -> (
        year: Int64, month: Int64, day: Int64
    ) {
        let daysSinceYear0 = days + 719_468
        let era = daysSinceYear0 / 146_097
        let dayOfEra = daysSinceYear0 % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * marchMonth + 2) / 5 + 1
        )
    }

    private static func twoDigits(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
