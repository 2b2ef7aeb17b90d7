internal import GRDB
package import Planning

/// Whether the lanes of an account's endpoint make calls at all.
package enum LaneStanding: Equatable, Sendable {
    case working
    /// A person paused them.
    case paused
    /// They make no call until a person has changed something, such as a refused key.
    case halted
}

extension Store {
    /// As the planner decides it, from the endpoint's last calls alone: it makes none while it is halted.
    package func standing(of endpoint: Endpoint) throws -> LaneStanding {
        try read { db in
            let lane = try db.lane(endpoint)
            if lane.isPaused { return .paused }
            let last = try db.lastCalls(of: endpoint)
            let isHalted = Ledger(last).isHalted(endpoint.name, resumedAfter: lane.resumedAfter)
            return isHalted ? .halted : .working
        }
    }
}
