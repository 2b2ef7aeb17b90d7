import Foundation
import Simulation
import Storage
import StoreSupport
import Testing

/// The checkers can fail: each rule that is left out is seen by the checker that is there for it.
struct RunMutationTests {
    static let all =
        RunMutation.decidings + RunMutation.resolvings + RunMutation.storings
        + RunMutation.severals + RunMutation.standings

    @Test("a planner without a rule is caught, by name and within its seeds", arguments: all)
    func caught(_ mutation: RunMutation) throws {
        var seen: Set<Check> = []
        for seed in mutation.seeds where !seen.contains(mutation.caughtBy) {
            let report = try report(of: mutation, seed: seed, rules: mutation.rules())
            seen.formUnion(report?.findings.map(\.check) ?? [])
        }
        #expect(seen.contains(mutation.caughtBy), "\(seen)")
    }

    /// One for each run that the first seeds of several share.
    static let distinct = all.reduce(into: [RunMutation]()) { distinct, next in
        let isKnown = distinct.contains { known in
            known.seeds.lowerBound == next.seeds.lowerBound && known.faults == next.faults
                && known.backlog == next.backlog && known.isOnFile == next.isOnFile
        }
        if !isKnown { distinct.append(next) }
    }

    @Test("the same runs with all rules are clean", arguments: distinct)
    func clean(_ mutation: RunMutation) throws {
        let report = try report(
            of: mutation, seed: mutation.seeds.lowerBound, rules: PlannerRules())
        #expect(report?.findings ?? [] == [])
    }

    @Test("every checker is shown to fail")
    func everyChecker() {
        let caught = Self.all.map(\.caughtBy) + HostMutation.all.map(\.caughtBy)
        #expect(Set(caught) == Set(Check.allCases))
    }

    /// nil where the mutation needs a file and the seed does not choose one.
    private func report(
        of mutation: RunMutation, seed: UInt64, rules: PlannerRules
    ) throws -> SimulationReport? {
        if mutation.isOnFile {
            let run = try SimulatedRun(
                seed: seed, faults: mutation.faults, backlog: mutation.backlog,
                openFile: { try Store(beforeCommit: $0) })
            guard run.isOnFile else { return nil }
        }
        return try Runs.report(
            seed: seed, faults: mutation.faults, backlog: mutation.backlog, rules: rules)
    }
}
