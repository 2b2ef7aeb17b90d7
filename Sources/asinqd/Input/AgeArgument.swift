import ArgumentParser
import Operations

/// An age on the command line: `30d`, `2w`, `12h`, `45min`, `90s`. `m` alone is refused: minutes that were
/// meant to be months would delete what is a minute old.
struct AgeArgument: Equatable {
    let duration: Duration

    private static let secondsByUnit: [Substring: Int64] = [
        "s": 1, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800,
    ]

    /// - Throws: a usage error that says what to write.
    init(_ argument: String) throws {
        let digits = argument.prefix { ("0"..."9").contains($0) }
        let unit = argument.dropFirst(digits.count)
        guard let count = Int64(digits), (0...100_000).contains(count) else {
            throw ValidationError(Self.advice)
        }
        if unit == "m" {
            throw ValidationError(
                "m may mean minutes or months.\nTry: write \(count)min for minutes, \(count * 30)d for months."
            )
        }
        guard let seconds = Self.secondsByUnit[unit] else { throw ValidationError(Self.advice) }
        duration = .seconds(count * seconds)
    }

    private static let advice =
        "An age is a whole number up to 100000 and a unit.\nTry: write 90s, 45min, 12h, 30d or 2w."
}
