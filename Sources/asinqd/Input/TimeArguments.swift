import ArgumentParser
import Foundation
import Planning
import Scheduling

/// A span on the command line: `30d`, `12h`, `45m`, `90s`, `2w`.
struct SpanArgument: ExpressibleByArgument {
    let duration: Duration

    private static let counts: ClosedRange<Int64> = 0...100_000

    /// For the help, and for errors.
    static let range =
        "Range: \(counts.lowerBound) to \(counts.upperBound), then s, m, h, d or w"

    init?(argument: String) {
        let secondsByUnit: [Character: Int64] = [
            "s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800,
        ]
        guard let unit = argument.last, let seconds = secondsByUnit[unit],
            let count = Int64(argument.dropLast()), Self.counts.contains(count)
        else { return nil }
        duration = .seconds(count * seconds)
    }

    /// - Throws: `ValidationError`, which names the range.
    init(text: String) throws {
        guard let span = SpanArgument(argument: text) else {
            throw ValidationError("It must be a whole number and a unit. \(Self.range).")
        }
        self = span
    }
}

/// An instant on the command line: ISO 8601 (`2026-05-04`, `2026-05-04T18:00Z`), or a span from now
/// (`+2h`) or before it (`-30d`).
struct InstantArgument: ExpressibleByArgument {
    let instant: Timestamp

    /// 1970 to 9999, but for the last millisecond, which stands for "paused".
    private static let range: ClosedRange<Int64> = 0...253_402_300_799_998

    init?(argument: String) {
        if let sign = argument.first, sign == "+" || sign == "-",
            let span = try? AgeArgument(String(argument.dropFirst()))
        {
            let now = WallClock.now()
            instant = sign == "+" ? now + span.duration : now - span.duration
            guard Self.range.contains(instant.milliseconds) else { return nil }
            return
        }
        let formatter = ISO8601DateFormatter()
        let spellings = [
            argument, argument + "Z", argument + ":00Z", argument + "T00:00:00Z",
            argument.replacing("Z", with: ":00Z"),
        ]
        let options: [ISO8601DateFormatter.Options] = [
            .withInternetDateTime, [.withInternetDateTime, .withFractionalSeconds],
        ]
        for option in options {
            formatter.formatOptions = option
            for spelling in spellings {
                guard let date = formatter.date(from: spelling) else { continue }
                let milliseconds = (date.timeIntervalSince1970 * 1_000).rounded()
                instant = Timestamp(milliseconds: Int64(milliseconds))
                guard Self.range.contains(instant.milliseconds) else { return nil }
                return
            }
        }
        return nil
    }
}
