import ArgumentParser
import Operations

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
