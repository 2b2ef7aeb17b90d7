internal import Foundation
package import Sandbox
internal import TestSupport
internal import Testing

/// The sandbox as a process, with limits that let tests take tenths of seconds, and the settings that
/// make the daemon use it.
package struct RunningSandbox: Sendable {
    package let program: Program
    /// The value of `asinscope.url`.
    package let address: String
    /// The base address of UPCitemdb's API.
    package let upcitemdbAddress: String

    package func counts() async throws -> Counts {
        try JSONDecoder().decode(Counts.self, from: try await countsJSON())
    }

    package func upcitemdbCounts() async throws -> UPCitemdbCounts {
        try JSONDecoder().decode(UPCitemdbCounts.self, from: try await countsJSON())
    }

    package func chargedCalls() async throws -> [ChargedCall] {
        let reply = try await Loopback.ask("GET", root + "/sandbox/calls")
        return try JSONDecoder().decode([ChargedCall].self, from: Data(reply.body))
    }

    package func setFaults(_ faults: String) async throws {
        let reply = try await Loopback.ask("POST", root + "/sandbox/faults", faults)
        #expect(reply.status == 200)
    }

    private func countsJSON() async throws -> Data {
        Data(try await Loopback.ask("GET", root + "/sandbox/counts").body)
    }

    private var root: String { String(address.dropLast("/circana".count)) }
}

extension Bench {
    /// Starts a sandbox and sets the daemon's settings for it.
    /// - Parameter more: Further options of the command.
    package func sandbox(
        faults: String = "none", dailyTokens: Int = 1_000_000, more: [String] = []
    ) async throws -> RunningSandbox {
        let program = try start(
            [
                "sandbox", "--faults", faults, "--daily-tokens", "\(dailyTokens)",
                "--barcodes-per-minute", "1000000", "--images-burst", "1000000",
                "--images-per-minute", "1000000",
            ] + more, input: [])
        let address = try await program.output.line("http://", "/circana")
        let upcitemdbAddress = try await program.output.line("http://", "/prod/")
        useProvider(at: address, key: "sandbox")
        return RunningSandbox(
            program: program, address: address, upcitemdbAddress: upcitemdbAddress)
    }

    package func useProvider(at address: String, key: String?) {
        set("ASINQD_ASINSCOPE_URL", address)
        set("ASINQD_ASINSCOPE_API_KEY", key)
        set("ASINQD_ASINSCOPE_DAILY_TOKENS", "1000000")
        set("ASINQD_ASINSCOPE_BARCODES_PER_MINUTE", "1000000")
        set("ASINQD_ASINSCOPE_IMAGES_BURST", "1000000")
        set("ASINQD_ASINSCOPE_IMAGES_PER_MINUTE", "1000000")
        set("ASINQD_ASINSCOPE_LINGER_MILLISECONDS", "0")
    }

    /// Enqueues, and expects it to work.
    package func enqueue(_ endpoint: String, _ products: [String], _ more: String...) async throws {
        let finished = try await asinqd(
            ["enqueue", "--\(endpoint)"] + more, input: products.joined(separator: "\n"))
        try #require(finished.code == 0, "\(finished)")
    }
}

/// ASINs of products that the sandbox knows.
package func asins(_ range: Range<Int>) -> [String] {
    range.map { asin($0, prefix: "B0TE") }
}

package func asins(_ count: Int) -> [String] { asins(0..<count) }
