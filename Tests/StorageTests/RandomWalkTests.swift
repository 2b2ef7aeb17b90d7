import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

struct RandomWalkTests {
    private func walk(
        _ medium: Medium, seed: UInt64, _ endpoints: [Endpoint] = RandomWalk.endpoints,
        _ body: (inout RandomWalk) throws -> Void
    ) throws {
        switch medium {
        case .memory, .server:
            var walk = RandomWalk(try Store(), seed: seed, endpoints, reopen: nil)
            try body(&walk)
        case .file:
            try TemporaryFolder.with { folder in
                // These tests are not about the disk.
                func open() throws -> Store {
                    let store = try Store(path: folder.database, access: .create)
                    try store.execute("PRAGMA synchronous = OFF")
                    return store
                }
                var walk = RandomWalk(try open(), seed: seed, endpoints) { _ in try open() }
                try body(&walk)
            }
        }
    }

    @Test(
        "whatever happens, the tables stay consistent, and no job is lost",
        arguments: Medium.allCases,
        [(1, []), (2, []), (3, Endpoint.codes), (4, Endpoint.codes)] as [(UInt64, [Endpoint])])
    func sound(_ medium: Medium, _ what: (seed: UInt64, with: [Endpoint])) throws {
        let seed = what.seed
        let endpoints = what.with.isEmpty ? RandomWalk.endpoints : RandomWalk.withCodes
        try walk(medium, seed: seed, endpoints) { walk in
            for step in 1...1_000 {
                let comment: Comment = "seed \(seed), step \(step)"
                try walk.step()
                let broken = try Invariants.broken(in: walk.store)
                let jobs = try walk.store.number("SELECT count(*) FROM queue")
                #expect(broken == [], comment)
                #expect(jobs == walk.inserted, comment)
                if step.isMultiple(of: 100) {
                    try walk.checkSettled()
                    if !walk.store.isOnServer {
                        #expect(try walk.store.integrityProblems() == [], comment)
                    }
                }
                if broken != [] || jobs != walk.inserted { return }
            }
            #expect(try walk.drain(), "seed \(seed)")
            try walk.checkSettled()
            #expect(try Invariants.broken(in: walk.store) == [], "seed \(seed)")
            guard !what.with.isEmpty else { return }
            #expect(walk.lookUps > 0)
            let pages = "SELECT max(json_array_length(body)) FROM result WHERE endpoint = 'search'"
            #expect(try walk.store.number(pages) > 2)
        }
    }

    @Test("the walks reach every outcome, every state and most holds")
    func coverage() throws {
        var holds: Set<Hold> = []
        var outcomes: Set<String> = []
        var states: Set<String> = []
        for seed in 1...3 as ClosedRange<UInt64> {
            try walk(.memory, seed: seed) { walk in
                for _ in 1...1_200 { try walk.step() }
                holds.formUnion(walk.holds)
                outcomes.formUnion(
                    try walk.store.rows("SELECT DISTINCT outcome FROM ledger WHERE outcome <> ''"))
                states.formUnion(try walk.store.rows("SELECT DISTINCT state FROM queue"))
            }
        }
        #expect(outcomes == Set(LedgerEntry.Outcome.allCases.map(\.rawValue)))
        #expect(states.isSuperset(of: ["available", "completed", "discarded", "cancelled"]))
        let missing = Set(Hold.allCases).subtracting(holds).map(\.rawValue).sorted()
        #expect(missing.count <= 2, "\(missing)")
    }
}
