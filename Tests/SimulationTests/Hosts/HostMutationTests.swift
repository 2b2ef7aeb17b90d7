import Simulation
import StoreSupport
import Testing

/// The checks of two hosts can fail: each rule that is left out is seen by the check that is there for it.
@Suite(.enabled(if: TestServer.current != nil))
struct HostMutationTests {
    @Test("two hosts without a rule are caught, by name", arguments: HostMutation.all)
    func caught(_ mutation: HostMutation) throws {
        var seen: Set<Check> = []
        var tried = 0
        for seed in mutation.seeds where !seen.contains(mutation.caughtBy) {
            seen.formUnion(try findings(of: mutation, seed: seed).map(\.check))
            tried += 1
        }
        #expect(seen.contains(mutation.caughtBy), "\(seen) after \(tried) seeds")
    }

    @Test("the same runs with all rules are clean", arguments: HostMutation.all)
    func clean(_ mutation: HostMutation) throws {
        var kept = HostMutation(
            name: mutation.name, caughtBy: mutation.caughtBy, faults: mutation.faults,
            backlog: mutation.backlog)
        kept.seeds = mutation.seeds
        let found = try findings(of: kept, seed: mutation.seeds.lowerBound)
        #expect(found == [], "\(found)")
    }

    private func findings(of mutation: HostMutation, seed: UInt64) throws -> [RunFinding] {
        var rules = PlannerRules()
        mutation.change(&rules)
        return try SimulatedRun(
            seed: seed, faults: mutation.faults, backlog: mutation.backlog, rules: rules,
            server: TestServer.current!.simulated(
                changes: mutation.changes, usesServerTime: mutation.usesServerTime)
        ).run().findings
    }
}
