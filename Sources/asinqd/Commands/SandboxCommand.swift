import ArgumentParser
import Foundation
import Sandbox

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Serve the documented APIs on loopback, with their limits.",
        discussion: """
            It prints two addresses: for asinscope.url and for upcitemdb.url. The key of
            both is "sandbox"; UPCitemdb's free plan needs none, the others take it in the
            headers user_key: sandbox and key_type: 3scale.

            ASINs that begin with B0UNKNOWN are unknown products. So are codes whose
            EAN-13 begins with 20 to 29; all others with a correct check digit are known.
            A search finds what its words ask for: "brush 25 matches" has 25 matches (of
            more than 1000 the first 1000 can be reached), words that begin with "unknown"
            have none, and all others have 1 to 40.

            GET /sandbox/counts says what it has counted, GET /sandbox/calls which calls
            it has charged; POST /sandbox/faults takes other faults, for both APIs.

            Faults, separated by commas:
            \(FaultName.allCases.map { "  \($0.form)\n      \($0.summary)" }.joined(separator: "\n"))

            Examples:
              asinqd sandbox --port 8080
              asinqd sandbox --port 8080 --faults latency=50-400,errors=0.05 --seed 7
              asinqd sandbox --upcitemdb-plan dev --upcitemdb-lookup-bursts 15/30
              ASINQD_ASINSCOPE_URL=http://127.0.0.1:8080/circana \\
                ASINQD_ASINSCOPE_API_KEY=sandbox asinqd run
              curl -d '{"upc": "885909456017"}' -H 'Content-Type: application/json' \\
                http://127.0.0.1:8080/prod/trial/lookup
            """)

    @Option(in: 0...65_535, help: "The port on 127.0.0.1; 0 for any free one.", valueName: "port")
    var port = 0

    @Option(
        in: 0...UInt64.max,
        help: "What the faults' dice start from: one seed, one course of events.",
        valueName: "seed")
    var seed: UInt64 = 0

    @Option(help: "Faults to switch on.")
    var faults = "none"

    @Option(in: 0...1_000_000_000, help: "ASINScope's tokens a day.")
    var dailyTokens = Limits().dailyTokens

    @Option(in: 0...1_000_000_000, help: "Barcodes in any trailing minute.")
    var barcodesPerMinute = Limits().barcodesPerMinute

    @Option(in: 1...1_000_000_000, help: "How many images the bucket holds.")
    var imagesBurst = Limits().imagesBurst

    @Option(in: 1...1_000_000_000, help: "How many images a minute the bucket gains.")
    var imagesPerMinute = Limits().imagesPerMinute

    @OptionGroup var upcitemdb: UPCitemdbSandboxOptions

    func validate() throws {
        do {
            _ = try Faults(parsing: faults)
        } catch {
            throw ValidationError(error.description)
        }
    }

    func run() async throws {
        try CommandFailure.requireOpenFiles()
        var limits = Limits()
        limits.dailyTokens = dailyTokens
        limits.barcodesPerMinute = barcodesPerMinute
        limits.imagesBurst = imagesBurst
        limits.imagesPerMinute = imagesPerMinute
        let faults = try Faults(parsing: faults)
        let asinscope = ASINScopeModel(limits: limits, faults: faults, seed: seed)
        let upcitemdb = UPCitemdbModel(limits: upcitemdb.limits, faults: faults, seed: seed)
        let seed = seed
        let root = self.upcitemdb.upcitemdbPlan.root
        let server = SandboxServer(asinscope: asinscope, upcitemdb: upcitemdb, port: port) { port in
            // In one piece, so that whoever reads once has both.
            Output.line("http://127.0.0.1:\(port)/circana\nhttp://127.0.0.1:\(port)\(root)")
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
