import ArgumentParser
import Sandbox

/// Bursts as a user writes them: calls and seconds, several with commas between them, `6/60,1/10`.
struct BurstsArgument: ExpressibleByArgument {
    let bursts: [UPCitemdbLimits.Burst]

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        let bursts = parts.compactMap { part -> UPCitemdbLimits.Burst? in
            let numbers = part.split(separator: "/", omittingEmptySubsequences: false)
                .map { Int64($0) }
            guard numbers.count == 2, let calls = numbers[0], let seconds = numbers[1],
                (1...1_000_000_000).contains(calls), (1...86_400).contains(seconds)
            else { return nil }
            return UPCitemdbLimits.Burst(calls: Int(calls), milliseconds: seconds * 1000)
        }
        guard bursts.count == parts.count else { return nil }
        self.bursts = bursts
    }
}
