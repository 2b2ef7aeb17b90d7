import ArgumentParser
import Operations
import Sandbox

/// Bursts as a user writes them: calls and seconds, several with commas between them, `6/60,1/10`.
struct BurstsArgument {
    let bursts: [Burst]

    private static let calls = 1...1_000_000_000
    private static let seconds = 1...86_400

    /// For the help, and for errors.
    static let range =
        "Range: \(calls.lowerBound) to \(calls.upperBound) calls in \(seconds.lowerBound) to \(seconds.upperBound) seconds"

    /// - Throws: `ValidationError`
    init(text: String) throws {
        bursts = try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            let numbers = part.split(separator: "/", omittingEmptySubsequences: false)
                .map { Int($0) }
            guard numbers.count == 2, let calls = numbers[0], let seconds = numbers[1],
                Self.calls.contains(calls), Self.seconds.contains(seconds)
            else { throw ValidationError("It must be calls/seconds. \(Self.range).") }
            return Burst(calls: calls, milliseconds: Int64(seconds) * 1000)
        }
    }
}
