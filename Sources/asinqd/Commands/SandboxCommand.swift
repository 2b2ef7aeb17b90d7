import ArgumentParser
import Foundation
import Operations
import Sandbox

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Serve the documented APIs on loopback, with their limits.",
        discussion: """
            \(SandboxOptions.discussion)

            GET /sandbox/counts returns the servers' counts, GET /sandbox/calls the charged
            calls. POST /sandbox/faults replaces the faults of all APIs.

            Faults, separated by commas:
            \(FaultName.allCases.map { "  \($0.form)\n      \($0.summary)" }.joined(separator: "\n"))

            Examples:
              asinqd sandbox --port 8080
              asinqd sandbox --port 8080 --faults latency=50-400,errors=0.05 --seed 7
            \(SandboxOptions.examples)
            """)

    @Option(in: 0...65_535, help: "Port on 127.0.0.1; 0 for any free port.", valueName: "port")
    var port = 0

    @Option(
        in: 0...UInt64.max,
        help: "Seed of the faults: the same seed gives the same course of events.",
        valueName: "seed")
    var seed: UInt64 = 0

    @Option(help: "Faults to switch on.")
    var faults = "none"

    @OptionGroup var options: SandboxOptions

    func validate() throws {
        do {
            _ = try Faults(parsing: faults)
        } catch {
            throw ValidationError(error.description)
        }
    }

    func run() async throws {
        try OperationError.requireOpenFiles()
        let models = options.models(try Faults(parsing: faults), seed: seed)
        let seed = seed
        let server = SandboxServer(models: models, port: port) { port in
            // One write: a program that reads once gets all addresses.
            Output.line(
                models.map { "http://127.0.0.1:\(port)\($0.root)" }.joined(separator: "\n"))
            Output.error("The key is \"sandbox\", the seed \(seed). Interrupt to stop.")
        }
        do {
            try await server.run()
        } catch {
            throw OperationError(
                .failed,
                "Port \(port) cannot be opened: \(error).\nTry: use --port 0 for any free port.")
        }
    }
}
