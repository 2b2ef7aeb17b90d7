import Foundation
import Planning
import Providers
import Simulation
import Storage
import Testing

@Suite("A third provider in simulated runs", .withPartbook)
struct SimulatedRunTests {
    private func report(
        seed: UInt64, faults: Set<FaultKind>? = nil, backlog: SimulatedBacklog? = nil,
        server: PartbookModel.Limits = .init(), rules: PlannerRules = PlannerRules()
    ) throws -> SimulationReport {
        print("simulated run with a third provider: seed \(seed)")
        return try SimulatedRun(
            seed: seed, faults: faults, backlog: backlog,
            sources: SimulationSource.all + [Partbook.simulation(server: server)], rules: rules
        ).run()
    }

    private static let backlog = SimulatedBacklog(["parts": 600, "makers": 90])

    @Test("pass all checks, with its endpoints within a hundredth of the bound")
    func bound() throws {
        let report = try report(seed: 1, faults: [], backlog: Self.backlog)
        #expect(report.findings == [] && report.isHeldToBound)
        #expect(report.endpoints.map(\.endpoint) == ["parts", "makers"])
        #expect(report.endpoints.map(\.tokens) == [600, 90])
        #expect(report.endpoints.allSatisfy { $0.provider == "partbook" && $0.refused == 0 })
        let ratio = try #require(report.makespanRatio)
        #expect((1...1.1).contains(ratio), "\(ratio)")
    }

    @Test(
        "pass all checks under faults",
        arguments: [
            [.kill], [.outage, .latency], [.clock], [.daemons, .kill], [.rejects], [.commit],
        ]
            as [Set<FaultKind>])
    func trouble(faults: Set<FaultKind>) throws {
        let report = try report(seed: 7, faults: faults, backlog: Self.backlog)
        #expect(report.findings == [], "\(faults)")
        #expect(report.jobsLost == 0 && report.endpoints.map(\.endpoint) == ["parts", "makers"])
    }

    @Test("pass all checks under the faults of an untried seed")
    func fresh() throws {
        let seed = UInt64.random(in: 0..<1_000_000_000)
        let report = try report(seed: seed, backlog: Self.backlog)
        #expect(report.findings == [], "seed \(seed)")
        #expect(report.jobsLost == 0, "seed \(seed)")
    }

    /// The work of this seed's first provider is small.
    private static let smallSeed: UInt64 = 18

    @Test("pass all checks next to the other providers' work, and parts lead to makers")
    func followUps() throws {
        let report = try report(seed: Self.smallSeed, faults: [])
        #expect(report.findings == [])
        let calls = Dictionary(
            uniqueKeysWithValues: report.endpoints.map { ($0.endpoint, $0.calls) })
        // 150 parts lead to 90 makers, and 30 more are requested.
        #expect(calls["parts", default: 0] >= 15 && calls["makers", default: 0] >= 120, "\(calls)")
        #expect(Set(report.endpoints.map(\.provider)).count > 1)
    }

    @Test("notice a server with less than the definition says")
    func narrower() throws {
        let report = try report(
            seed: 1, faults: [], backlog: Self.backlog, server: .init(partsPerMinute: 40))
        #expect(report.findings.contains { $0.check == .refusals })
    }

    @Test("notice a forgotten lookup of a maker")
    func forgotten() throws {
        var rules = PlannerRules()
        rules.resolve = {
            var settlement = Planner.resolve($0, of: $1, jobs: $2, endpoint: $3, ledger: $4, at: $5)
            if $3.name == Partbook.parts { settlement.followUps = [] }
            return settlement
        }
        let report = try report(seed: Self.smallSeed, faults: [], rules: rules)
        #expect(report.findings.contains { $0.check == .lost && $0.text.contains("not looked up") })
    }
}
