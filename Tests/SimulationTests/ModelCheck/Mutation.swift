import Planning
import Simulation
import Testing

/// A planner, a store or a server with one mistake in it, a world in which it shows, and what it
/// breaches there.
struct Mutation: Sendable, CustomTestStringConvertible {
    var name: String
    var world: String
    var property: ModelProperty
    var rules: ModelRules

    var testDescription: String { name }

    init(
        _ name: String, in world: String, breaches property: ModelProperty,
        _ change: (inout ModelRules) -> Void
    ) {
        self.name = name
        self.world = world
        self.property = property
        rules = ModelRules()
        change(&rules)
    }

    var report: ModelCheckReport {
        ModelCheck(.named(world), rules).run(depth: 14)
    }
}

extension ModelWorld {
    static func named(_ name: String) -> ModelWorld {
        all.first { $0.name == name }!
    }
}

extension ModelRules {
    /// The decision is made on a snapshot that is not the true one.
    mutating func see(_ change: @escaping @Sendable (inout Snapshot) -> Void) {
        decide = { snapshot, now in
            var seen = snapshot
            change(&seen)
            return Planner.decide(seen, at: now)
        }
    }

    /// The decision is made on a ledger that is not the true one.
    mutating func see(each change: @escaping @Sendable (inout LedgerEntry) -> Void) {
        see { snapshot in
            for index in snapshot.ledger.entries.indices {
                change(&snapshot.ledger.entries[index])
            }
        }
    }

    mutating func settle(_ change: @escaping @Sendable (inout Settlement) -> Void) {
        resolve = { outcome, call, jobs, endpoint, ledger, now in
            var settlement = Planner.resolve(
                outcome, of: call, jobs: jobs, endpoint: endpoint, ledger: ledger, at: now)
            change(&settlement)
            return settlement
        }
    }
}
