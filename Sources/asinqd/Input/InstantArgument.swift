import ArgumentParser
import Operations
import Planning
import Scheduling
import Storage

/// An instant on the command line: ISO 8601 (`2026-05-04`, `2026-05-04T18:00+02:00`), or a span from now
/// (`+2h`) or before it (`-30d`), or `now`.
struct InstantArgument {
    let instant: Timestamp
    /// Whether a date or time was given without a zone, and so is UTC.
    let lacksZone: Bool

    /// From 1970 up to `Store.pausedUntil`, which means "paused".
    private static let range = 0..<Store.pausedUntil.milliseconds
    private static let advice = "Try: write 2026-05-04, 2026-05-04T18:00+02:00, +2h or -30d."

    /// - Throws: a usage error that says what is wrong.
    init(_ argument: String) throws {
        if argument == "now" {
            instant = WallClock.now()
            lacksZone = false
        } else if let sign = argument.first, sign == "+" || sign == "-",
            let span = SpanArgument(argument: String(argument.dropFirst()))
        {
            let now = WallClock.now()
            instant = sign == "+" ? now + span.duration : now - span.duration
            lacksZone = false
        } else {
            do throws(ISO8601Instant.Flaw) {
                let written = try ISO8601Instant(argument)
                instant = written.timestamp
                lacksZone = !written.hasZone
            } catch {
                throw ValidationError("\(error). \(Self.advice)")
            }
        }
        guard Self.range.contains(instant.milliseconds) else {
            throw ValidationError("not from 1970 to 9999. \(Self.advice)")
        }
    }
}
