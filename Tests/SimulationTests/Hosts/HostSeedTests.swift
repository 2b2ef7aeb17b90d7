import Foundation
import Simulation
import StoreSupport
import Testing

/// Two hosts on a PostgreSQL server, in virtual time. `HOST_SEEDS=100 HOST_SEED=1` searches that many seeds.
@Suite(.enabled(if: TestServer.current != nil))
struct HostSeedTests {
    static func report(
        seed: UInt64, faults: Set<FaultKind>? = nil, onEvent: ((String) -> Void)? = nil
    ) throws -> SimulationReport {
        try SimulatedRun(
            seed: seed, faults: faults, backlog: .forHosts(seed: seed),
            server: TestServer.current!.simulated(), onEvent: onEvent
        ).run()
    }

    @Test("all holds with two hosts", arguments: [1, 2, 3] as [UInt64])
    func holds(seed: UInt64) throws {
        let report = try Self.report(seed: seed)
        #expect(report.findings.isEmpty, "\(report.findings)")
        #expect(report.jobsLost == 0 && report.jobs > 0)
    }

    @Test(
        "without faults two hosts reach the bound, and no call is refused",
        arguments: [1, 2, 3] as [UInt64])
    func bound(seed: UInt64) throws {
        let report = try SimulatedRun(
            seed: seed, faults: [],
            backlog: SimulatedBacklog(
                images: 0, barcodes: 300, figures: .trial, latencyMilliseconds: 50...300),
            server: TestServer.current!.simulated(isQuiet: true)
        ).run()
        // A finding, were it missed.
        #expect(report.findings.isEmpty, "\(report.findings)")
        #expect(report.calls > 0 && report.refused == 0)
    }

    @Test("a seed gives the same run again, event for event", arguments: [4] as [UInt64])
    func again(seed: UInt64) throws {
        var events: [[String]] = [[], []]
        let first = try Self.report(seed: seed) { events[0].append($0) }
        let second = try Self.report(seed: seed) { events[1].append($0) }
        #expect(first == second)
        #expect(events[0] == events[1])
    }

    /// At once, though the output is no terminal.
    private static func line(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    private static let environment = ProcessInfo.processInfo.environment

    @Test(
        "all holds with seeds that were not tried before",
        .enabled(if: environment["HOST_SEEDS"] != nil))
    func search() throws {
        let first = Self.environment["HOST_SEED"].flatMap { UInt64($0) } ?? 1
        let count = Self.environment["HOST_SEEDS"].flatMap { UInt64($0) } ?? 0
        let trace = Self.environment["HOST_TRACE"] != nil
        var failed: [UInt64] = []
        for seed in first..<first + count {
            let began = ContinuousClock.now
            let report = try Self.report(seed: seed) { if trace { Self.line($0) } }
            Self.line(
                "seed \(seed): \(report.calls) calls, \(report.refused) refused, \(report.kills) kills,"
                    + " \(report.faults.map(\.rawValue).joined(separator: ",")),"
                    + " \(ContinuousClock.now - began)")
            for finding in report.findings { Self.line("  \(finding)") }
            if !report.findings.isEmpty { failed.append(seed) }
        }
        #expect(failed.isEmpty)
    }
}
