/// An age as people write it: `30d`, `2w`, `12h`, `45min`, `90s`. `m` alone is refused: minutes that were meant
/// to be months would delete what is a minute old.
package struct Age: Equatable, Sendable {
    package struct Flaw: Error, CustomStringConvertible {
        /// What is wrong, and what to write.
        package let description: String
    }

    package let duration: Duration

    private static let secondsByUnit: [Substring: Int64] = [
        "s": 1, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800,
    ]

    package init(_ text: String) throws(Flaw) {
        let digits = text.prefix { ("0"..."9").contains($0) }
        let unit = text.dropFirst(digits.count)
        guard let count = Int64(digits), (0...100_000).contains(count) else { throw Self.wrong }
        if unit == "m" {
            throw Flaw(
                description:
                    "m may mean minutes or months.\nTry: write \(count)min for minutes, \(count * 30)d for months."
            )
        }
        guard let seconds = Self.secondsByUnit[unit] else { throw Self.wrong }
        duration = .seconds(count * seconds)
    }

    private static let wrong = Flaw(
        description:
            "An age is a whole number up to 100000 and a unit.\nTry: write 90s, 45min, 12h, 30d or 2w."
    )
}
