extension Timestamp {
    /// 00:00 UTC of a day of the Gregorian calendar from 1970 to 9999; nil if there is no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1970...9999).contains(year), (1...12).contains(month),
            (1...Self.daysIn(month: month, of: year)).contains(day)
        else { return nil }
        let days =
            (1..<month).reduce(Self.daysBefore(year: year)) {
                $0 + Self.daysIn(month: $1, of: year)
            } + day - 1
        self.init(milliseconds: Int64(days) * 86_400_000)
    }

    /// From the beginning of 1970 to that of `year`.
    private static func daysBefore(year: Int) -> Int {
        let past = year - 1
        return (year - 1970) * 365 + past / 4 - past / 100 + past / 400 - 477
    }

    private static func daysIn(month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }
}
