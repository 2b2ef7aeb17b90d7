/// An instant as people and programs write it: ISO 8601 in its extended form, with a blank allowed in place
/// of the T.
///
/// `2026-05-04`, `2026-05-04T18:00`, `2026-05-04 18:00:30.5+02:00`. A date or time that does not exist is
/// rejected rather than carried over: a mistyped 30 February is not 2 March.
package struct ISO8601Instant: Equatable, Sendable {
    package let timestamp: Timestamp
    /// A text without a zone is read as UTC.
    package let hasZone: Bool

    package init(_ text: String) throws(Flaw) {
        let pattern =
            /([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt ]([0-9]{2}:[0-9]{2}[0-9:.,]*)(?: ?([Zz]|UTC|[+-][0-9:]+))?)?/
        guard let parts = text.wholeMatch(of: pattern)?.output else { throw .form }
        guard let year = Int(parts.1), let month = Int(parts.2), let day = Int(parts.3),
            let midnight = Timestamp(year: year, month: month, day: day)
        else { throw .day }
        let time = try parts.4.map(Self.sinceMidnight) ?? .zero
        let offset = try parts.5.map(Self.offset) ?? .zero
        timestamp = midnight + (time - offset)
        hasZone = parts.5 != nil
    }

    /// `18:00`, `18:00:30` or `18:00:30.125`; fractions of a millisecond are dropped. Leap seconds and 24:00
    /// are rejected, because the instants of the database have none.
    private static func sinceMidnight(_ text: Substring) throws(Flaw) -> Duration {
        let pattern = /([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?/
        guard let parts = text.wholeMatch(of: pattern)?.output else { throw .form }
        guard let hour = Int(parts.1), let minute = Int(parts.2),
            let second = Int(parts.3 ?? "0"), hour < 24, minute < 60, second < 60
        else { throw .time }
        let fraction = (parts.4 ?? "").prefix(3)
        let milliseconds = Int(fraction + String(repeating: "0", count: 3 - fraction.count)) ?? 0
        return .seconds(hour * 3_600 + minute * 60 + second) + .milliseconds(milliseconds)
    }

    /// `Z`, `UTC`, `+02:00`, `+0200` or `+02`: how far local time is ahead.
    private static func offset(_ text: Substring) throws(Flaw) -> Duration {
        if ["Z", "z", "UTC"].contains(text) { return .zero }
        let pattern = /([+-])([0-9]{2})(?::?([0-9]{2}))?/
        guard let parts = text.wholeMatch(of: pattern)?.output else { throw .form }
        guard let hours = Int(parts.2), let minutes = Int(parts.3 ?? "0"), hours < 24, minutes < 60
        else { throw .offset }
        let ahead = Duration.seconds(hours * 3_600 + minutes * 60)
        return parts.1 == "-" ? .zero - ahead : ahead
    }
}

extension ISO8601Instant {
    /// What is wrong with a text that should be an instant. The description is a sentence for people.
    package enum Flaw: Error, Equatable {
        case form
        case day
        case time
        case offset
    }
}

extension ISO8601Instant.Flaw: CustomStringConvertible {
    package var description: String {
        switch self {
        case .form: "not an ISO 8601 date or time"
        case .day: "the calendar has no such day from 1970 to 9999"
        case .time: "no such time: it goes from 00:00 to 23:59:59"
        case .offset: "no such offset: it goes to 23:59"
        }
    }
}
