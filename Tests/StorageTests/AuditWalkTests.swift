import Planning
import StoreSupport
import Testing

@testable import Storage

/// The audit of the results of random lanes, users, crashes, and clocks that jump.
struct AuditWalkTests {
    @Test(
        "the ledger of an honest daemon breaks no rule, whatever happens to it",
        arguments: [1, 2, 3, 4, 5, 5_010, 5_060] as [UInt64])
    func honest(seed: UInt64) throws {
        var walk = RandomWalk(try Store(), seed: seed, reopen: nil)
        var codes: Set<AuditCode> = []
        for step in 1...1_000 {
            try walk.step()
            guard step.isMultiple(of: 50) else { continue }
            let report = try walk.store.audit(
                AccountLimits.always(RandomWalk.endpoints), at: walk.now)
            let problems = report.findings.filter { $0.code.severity == .problem }
            #expect(problems == [], "seed \(seed), step \(step)")
            if !problems.isEmpty { return }
            codes.formUnion(report.findings.map(\.code))
        }
        #expect(codes.contains(.clockSetBack) && codes.contains(.refused), "seed \(seed)")
    }
}
