import Operations
import Simulation

/// The result of a search through the small worlds, as JSON: a contract.
struct ModelCheckJSON: Encodable {
    struct World: Encodable {
        var world: String
        var states: Int
        var transitions: Int
        var depth: Int
        var isExhausted: Bool
        /// The invariant that is violated, and the events that lead to the violation.
        var violation: String?
        var path: [String]?
    }

    var states: Int
    var worlds: [World]

    init(_ reports: [ModelCheckReport]) {
        states = reports.reduce(0) { $0 + $1.states }
        worlds = reports.map {
            World(
                world: $0.world, states: $0.states, transitions: $0.transitions, depth: $0.depth,
                isExhausted: $0.isExhausted, violation: $0.violation?.property.rawValue,
                path: $0.violation?.path)
        }
    }
}
