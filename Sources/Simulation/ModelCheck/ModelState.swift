internal import Planning

/// All that is known between two actions.
struct ModelState: Hashable {
    var tick = 0
    var store: ModelStore
    /// The server as it treats each account.
    var servers: [ModelServer]
    /// Requests in progress, in the order in which they left.
    var flights: [Flight] = []
    /// What the daemon's lanes remember, by lane.
    var machines: [LaneMachine]
    var isUp = true
    var killsLeft: Int
    var lossesLeft: Int
    var errorsLeft: Int
    var rivalCallsLeft: Int
    /// Until when the daemon knows that a block lasts, by account.
    var toldUntil: [Timestamp?]

    struct Flight: Hashable {
        var callID: Int64
        var lane: Int
        var products: [String]
        /// The last tick at which it can reach the server, or its reply the daemon.
        var lastTick: Int
        /// What the server said, once it has the request.
        var reply: ModelServer.Reply?
        /// The daemon that sent it was killed.
        var isOrphan = false
    }

    init(_ world: ModelWorld) {
        store = ModelStore(world)
        servers = Array(repeating: ModelServer(world), count: world.accounts)
        machines = Self.machines(world.endpoints)
        toldUntil = Array(repeating: nil, count: world.accounts)
        killsLeft = world.kills
        lossesLeft = world.losses
        errorsLeft = world.errors
        rivalCallsLeft = world.rivalCalls
    }

    /// Of lanes that have just started.
    static func machines(_ endpoints: [Endpoint]) -> [LaneMachine] {
        endpoints.flatMap { endpoint in
            endpoint.lanes.map { _ in LaneMachine(endpoint.clientPolicy) }
        }
    }

    var isFinished: Bool {
        flights.isEmpty && store.jobs.allSatisfy(\.isFinished)
    }

    /// What can happen next. A lane may be woken at any time.
    func actions(_ world: ModelWorld) -> [ModelAction] {
        if isFinished { return [] }
        var actions: [ModelAction] =
            isUp
            ? machines.indices.filter(world.hasJobs).map { .look(lane: $0) } : [.restart]
        for (index, flight) in flights.enumerated() {
            if flight.reply == nil {
                actions.append(.count(flight: index))
                if errorsLeft > 0, !flight.isOrphan { actions.append(.error(flight: index)) }
            } else {
                actions.append(.reply(flight: index))
            }
            if lossesLeft > 0, !flight.isOrphan { actions.append(.lose(flight: index)) }
        }
        if rivalCallsLeft > 0 { actions.append(.rival) }
        if isUp, killsLeft > 0 { actions.append(.kill) }
        // At its last tick a request ends before the clock advances.
        let isDue = flights.contains { $0.lastTick <= tick && !$0.isOrphan }
        if tick < world.ticks, !isDue { actions.append(.tick) }
        return actions
    }
}

/// One thing that can happen. Numbers are those of a lane, or of a flight in the state before.
enum ModelAction: Hashable {
    /// A lane wakes, for whatever reason, and looks whether it may call.
    case look(lane: Int)
    /// A request reaches the server.
    case count(flight: Int)
    /// A request reaches the server, which fails over it.
    case error(flight: Int)
    /// A reply reaches the daemon.
    case reply(flight: Int)
    /// The daemon gives a request up: its time is over, or the connection broke.
    case lose(flight: Int)
    /// Another client makes a call.
    case rival
    case kill
    case restart
    case tick
}
