import Simulation
import Testing

/// A planner, or a store, with one rule left out: the checker that is named must see it.
struct RunMutation: Sendable, CustomTestStringConvertible {
    var name: String
    var caughtBy: Check
    /// The trouble that brings it out.
    var faults: Set<FaultKind> = []
    var backlog: SimulatedBacklog?
    /// It is caught with one of these at the latest.
    var seeds: ClosedRange<UInt64> = 1...3
    /// Whether it needs SQL of its own, and so a file.
    var isOnFile = false
    /// New rules for each run, because some keep something in mind.
    var rules: @Sendable () -> PlannerRules

    var testDescription: String { "\(name) (\(caughtBy.rawValue))" }
}

extension SimulatedBacklog {
    /// A tenth of the documented figures, with a pool that lasts half an hour: time for another client
    /// to come in between a balance and the next call.
    static let overSmallPool: SimulatedBacklog = {
        var figures = LimitProfile.tenth
        figures.dailyTokens = 1_500
        return SimulatedBacklog(images: 200, barcodes: 1_500, figures: figures)
    }()
}

extension PlannerRules {
    /// The planner's own, changed.
    static func changed(_ change: (inout PlannerRules) -> Void) -> PlannerRules {
        var rules = PlannerRules()
        change(&rules)
        return rules
    }
}
