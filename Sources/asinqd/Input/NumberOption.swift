import ArgumentParser
import Operations

/// Whole numbers on the command line. The range is declared once, with the option; its help and its error
/// state it.
extension Option {
    init(
        wrappedValue: Value, in range: ClosedRange<Value>, help: String,
        valueName: String = "count"
    ) where Value: FixedWidthInteger & Sendable {
        self.init(
            wrappedValue: wrappedValue, parsing: .unconditional,
            // ArgumentParser shows no default for an option with a transform.
            help: NumberInRange.help("\(help) Default: \(wrappedValue).", range, valueName),
            transform: { try NumberInRange.read($0, range) })
    }

    init<Number: FixedWidthInteger & Sendable>(
        in range: ClosedRange<Number>, help: String, valueName: String = "count"
    ) where Value == Number? {
        self.init(
            parsing: .unconditional, help: NumberInRange.help(help, range, valueName),
            transform: { try NumberInRange.read($0, range) })
    }
}

private enum NumberInRange {
    static func help<Number: FixedWidthInteger>(
        _ text: String, _ range: ClosedRange<Number>, _ valueName: String
    ) -> ArgumentHelp {
        ArgumentHelp("\(text) \(words(range)).", valueName: valueName)
    }

    static func read<Number: FixedWidthInteger>(
        _ text: String, _ range: ClosedRange<Number>
    ) throws -> Number {
        guard let number = Number(text), range.contains(number) else {
            throw ValidationError("It must be a whole number. \(words(range)).")
        }
        return number
    }

    private static func words<Number: FixedWidthInteger>(_ range: ClosedRange<Number>) -> String {
        "Range: \(range.lowerBound) to \(range.upperBound)"
    }
}
