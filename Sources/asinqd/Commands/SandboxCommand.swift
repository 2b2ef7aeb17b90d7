import ArgumentParser
import Foundation
import Sandbox

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Serve the documented API on loopback, with its limits.",
        discussion: """
            The key is "sandbox". ASINs that begin with B0UNKNOWN are unknown products.
            GET /sandbox/counts says what it has counted; POST /sandbox/faults takes
            other faults.

            Faults, separated by commas:
            \(FaultName.allCases.map { "  \($0.form)\n      \($0.summary)" }.joined(separator: "\n"))

            Examples:
              asinqd sandbox --port 8080
              asinqd sandbox --port 8080 --faults latency=50-400,errors=0.05 --seed 7
              ASINQD_ASINSCOPE_URL=http://127.0.0.1:8080/circana \\
                ASINQD_ASINSCOPE_API_KEY=sandbox asinqd run
            """)

    @Option(help: "The port on 127.0.0.1; 0 for any free one.")
    var port = 0

    @Option(help: "What the faults' dice start from: one seed, one course of events.")
    var seed: UInt64 = 0

    @Option(help: "Faults to switch on.")
    var faults = "none"

    @Option(help: "Tokens a day.")
    var dailyTokens = Limits().dailyTokens

    @Option(help: "Barcodes in any trailing minute.")
    var barcodesPerMinute = Limits().barcodesPerMinute

    @Option(help: "How many images the bucket holds.")
    var imagesBurst = Limits().imagesBurst

    @Option(help: "How many images a minute the bucket gains.")
    var imagesPerMinute = Limits().imagesPerMinute

    func validate() throws {
        if !(0...65_535).contains(port) { throw ValidationError("--port goes from 0 to 65535.") }
        let limits = [dailyTokens, barcodesPerMinute, imagesBurst, imagesPerMinute]
        if limits.contains(where: { !(0...1_000_000_000).contains($0) }) {
            throw ValidationError("A limit is a number from 0 to 1,000,000,000.")
        }
        do {
            _ = try Faults(parsing: faults)
        } catch {
            throw ValidationError(error.description)
        }
    }

    func run() async throws {
        var limits = Limits()
        limits.dailyTokens = dailyTokens
        limits.barcodesPerMinute = barcodesPerMinute
        limits.imagesBurst = imagesBurst
        limits.imagesPerMinute = imagesPerMinute
        let model = ASINScopeModel(
            limits: limits, faults: try Faults(parsing: faults), seed: seed)
        let seed = seed
        let server = SandboxServer(model: model, port: port) { port in
            Output.line("http://127.0.0.1:\(port)/circana")
            Output.error("The key is \"sandbox\", the seed \(seed). Interrupt to stop.")
        }
        do {
            try await server.run()
        } catch {
            throw CommandFailure(
                .failure,
                "Port \(port) cannot be opened: \(error).\nTry: --port 0 for any free one.")
        }
    }
}
