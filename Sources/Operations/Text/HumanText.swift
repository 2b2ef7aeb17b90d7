internal import Foundation
package import Planning

/// Numbers, spans and instants for people.
package enum HumanText {
    /// 150,000
    package static func number(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + text
    }

    /// "34 s", "12 min", "3 h 20 min", "2 d 4 h": rounded up, so that a wait is over when it is.
    package static func span(_ duration: Duration) -> String {
        let seconds = max(0, (duration.milliseconds + 999) / 1_000)
        switch seconds {
        case ..<120: return "\(seconds) s"
        case ..<7_200: return "\((seconds + 59) / 60) min"
        case ..<172_800: return pair(seconds / 3_600, "h", seconds % 3_600 / 60, "min")
        default: return pair(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h")
        }
    }

    /// 2026-05-04 03:02:01 UTC
    package static func instant(_ instant: Timestamp) -> String {
        String(iso(instant).prefix(19)).replacing("T", with: " ") + " UTC"
    }

    /// 2026-05-04 03:02:01, of an instant as `iso` writes it.
    package static func second(_ iso: String) -> String {
        String(iso.prefix(19)).replacing("T", with: " ")
    }

    /// 2026-05-04T03:02:01.000Z
    package static func iso(_ instant: Timestamp) -> String {
        // A fraction of a Date is rounded down, often to the millisecond before.
        let milliseconds = instant.milliseconds % 1_000
        let fraction = milliseconds < 0 ? milliseconds + 1_000 : milliseconds
        let seconds = (instant.milliseconds - fraction) / 1_000
        let text = Date(timeIntervalSince1970: Double(seconds)).formatted(Date.ISO8601FormatStyle())
        return "\(text.dropLast()).\(String(fraction + 1_000).dropFirst())Z"
    }

    /// "Tue 04:10 UTC" within a week of `now`, else "2026-05-04 04:10 UTC": the next full minute, so
    /// that what is to be done by then is done.
    package static func minute(_ instant: Timestamp, from now: Timestamp) -> String {
        let minute = Timestamp(milliseconds: (instant.milliseconds + 59_999) / 60_000 * 60_000)
        let text = iso(minute)
        let time = "\(text.dropFirst(11).prefix(5)) UTC"
        guard minute < now + .day * 7 else { return "\(text.prefix(10)) \(time)" }
        // 1970 began on a Thursday.
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        return "\(days[Int(minute.milliseconds / Duration.day.milliseconds % 7)]) \(time)"
    }

    /// 1234.50
    package static func price(_ value: Double) -> String { String(format: "%.2f", value) }

    /// 812 KiB, 1.5 GiB
    package static func bytes(_ value: Int) -> String {
        var rest = Double(value)
        for unit in ["B", "KiB", "MiB"] {
            if rest < 1_024 { return String(format: rest < 10 ? "%.1f " : "%.0f ", rest) + unit }
            rest /= 1_024
        }
        return String(format: "%.1f GiB", rest)
    }

    package static func count(_ value: Int, _ one: String, _ many: String) -> String {
        "\(number(value)) \(value == 1 ? one : many)"
    }

    private static func pair(
        _ large: Int64, _ largeUnit: String, _ small: Int64, _ smallUnit: String
    )
        -> String
    {
        small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
    }
}
