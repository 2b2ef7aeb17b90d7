import Foundation
import ProgramHarness

/// An option that takes a whole number, as the program's own help lists it.
struct NumberOption: Sendable {
    var name: String
    var low: String
    var high: String
    var range: String { "Range: \(low) to \(high)" }

    /// Numbers outside every range here, and texts that are not whole numbers.
    var outside: [String] {
        let below = Int(low).map { ["\($0 - 1)"] } ?? []
        let above = Int(high).map { ["\($0 + 1)"] } ?? []
        return below + above
            + [
                "-1", "-9223372036854775808", "-9223372036854775809", "18446744073709551616",
                "99999999999999999999999999999999", "0.5", "1e3", "0x10", "1_000", "NaN", "inf", "",
            ]
    }
}

extension Bench {
    private struct Help: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable { var name: String }
            var kind: String
            var abstract: String?
            var preferredName: Name?
        }
        struct Command: Decodable {
            var commandName: String
            var arguments: [Argument]?
            var subcommands: [Command]?
        }
        var command: Command
    }

    /// A command's options that take numbers, and the names of its others.
    func options(of command: String) async throws -> (numbers: [NumberOption], others: Set<String>)
    {
        let help = try await asinqd("--experimental-dump-help").decoded(Help.self)
        let arguments = help.command.subcommands?.first { $0.commandName == command }?.arguments
        var numbers: [NumberOption] = []
        var others: Set<String> = []
        for argument in arguments ?? [] where argument.kind == "option" {
            let name = argument.preferredName?.name ?? ""
            if let range = argument.abstract?.firstMatch(of: /Range: (\d+) to (\d+)\./) {
                numbers.append(
                    NumberOption(
                        name: "--\(name)", low: String(range.1), high: String(range.2)))
            } else {
                others.insert(name)
            }
        }
        return (numbers, others)
    }
}
