/// An instant: whole milliseconds since 1970-01-01 00:00 UTC, as the database keeps it.
///
/// It is the wall clock's: what is stored must mean the same after a restart, which a monotonic clock's
/// reading does not. A reader of a stored instant must allow for a clock that was set back.
package struct Timestamp: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The last millisecond of the year 9999: the latest instant that the database takes.
    package static let latest = Timestamp(milliseconds: 253_402_300_799_999)

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    package static func + (instant: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: instant.milliseconds + duration.milliseconds)
    }

    package static func - (instant: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: instant.milliseconds - duration.milliseconds)
    }

    package static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .milliseconds(later.milliseconds - earlier.milliseconds)
    }

    /// 00:00 UTC of this instant's day.
    package var startOfDay: Timestamp {
        let day = Self.millisecondsADay
        let sinceMidnight = ((milliseconds % day) + day) % day
        return Timestamp(milliseconds: milliseconds - sinceMidnight)
    }

    /// The next 00:00 UTC, always later than this instant.
    package var nextMidnight: Timestamp {
        Timestamp(milliseconds: startOfDay.milliseconds + Self.millisecondsADay)
    }

    private static let millisecondsADay: Int64 = 86_400_000
}

extension Duration {
    /// Whole milliseconds; the rest is dropped.
    package var milliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }

    package static let day = Duration.seconds(86_400)
    package static let minute = Duration.seconds(60)
}

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
