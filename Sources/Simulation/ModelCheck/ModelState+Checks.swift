internal import Planning

extension ModelState {
    /// What must hold after every action.
    func check(_ world: ModelWorld, _ endpoints: [Endpoint]) throws(ModelBreach) {
        for server in servers {
            if let property = server.overdrawn(world) { throw ModelBreach(property, "") }
        }
        let open = store.openCalls
        for job in store.jobs {
            switch job.state {
            case .running(let callID):
                guard open.contains(where: { $0.id == callID }) else {
                    throw ModelBreach(
                        .noneLost, "\(job.job.product) runs in call \(callID), which is over")
                }
            case .discarded:
                guard world.poison.contains(job.job.product) else {
                    throw ModelBreach(.onlyPoisonDiscarded, job.job.product)
                }
            case .available, .completed: break
            }
        }
        try checkRejections(endpoints)
        if isUp { try checkFlights(world) }
    }

    /// A lane holds for a reason, and its own account has given it.
    func checkHold(_ hold: Hold, of lane: LaneID, _ endpoint: Endpoint) throws(ModelBreach) {
        let calls = store.ledger.filter { $0.account == lane.account }
        let own = calls.filter { $0.endpoint == lane.endpoint }
        let policy = endpoint.clientPolicy
        let hasCause =
            switch hold {
            case .calling:
                calls.contains {
                    $0.settledAt == nil && ($0.lane == lane || policy.isOneConnection)
                }
            case .halted:
                own.contains { $0.outcome == .unauthorized }
                    || store.rejectedAlone(endpoint).count >= Planner.rejectionsMax
            case .rateLimited:
                (policy.sharesBlocks ? calls : own).contains { $0.outcome == .rateLimited }
            case .backingOff: own.contains { $0.outcome == .failed }
            case .slidingWindow, .tokenBucket, .dailyPool: !calls.isEmpty
            case .paused: false
            case .idle, .notDue, .lingering, .poolShare: true
            }
        guard hasCause else {
            throw ModelBreach(
                .ownCause, "\(lane.endpoint) of \(lane.account) holds: \(hold.rawValue)")
        }
    }

    private func checkRejections(_ endpoints: [Endpoint]) throws(ModelBreach) {
        for (number, endpoint) in endpoints.enumerated() {
            let rejected = store.rejectedAlone(endpoint)
            guard rejected.count >= Planner.rejectionsMax else { continue }
            let calls = Set(rejected.map(\.id))
            if let job = store.jobs.first(where: {
                $0.state == .discarded && calls.contains($0.job.lastCallID ?? 0)
            }) {
                throw ModelBreach(.rejectionsHalt, "\(job.job.product) was discarded")
            }
            let resumedAfter = store.resumedAfter[number]
            if rejected.count(where: { $0.id > resumedAfter }) > Planner.rejectionsMax {
                throw ModelBreach(.rejectionsHalt, "\(endpoint.name) continues to call")
            }
        }
    }

    /// The open calls in the ledger are the requests in progress, with the same jobs.
    private func checkFlights(_ world: ModelWorld) throws(ModelBreach) {
        let live = flights.filter { !$0.isOrphan }
        for (index, flight) in live.enumerated() {
            if world.isOneConnection,
                let other = live[..<index].first(where: {
                    world.account(of: $0.lane) == world.account(of: flight.lane)
                })
            {
                throw ModelBreach(.oneAtATime, "calls \(other.callID) and \(flight.callID)")
            }
            let running = store.jobs(of: flight.callID).map(\.job.product)
            guard running.sorted() == flight.products.sorted() else {
                throw ModelBreach(
                    .noneLost,
                    "call \(flight.callID) asks for \(flight.products), the queue has \(running)")
            }
            let others = live[..<index].flatMap(\.products)
            guard others.allSatisfy({ !flight.products.contains($0) }) else {
                throw ModelBreach(.inOneCall, "\(flight.products) while \(others) are asked for")
            }
        }
        guard store.openCalls.map(\.id) == live.map(\.callID) else {
            throw ModelBreach(.noneLost, "a call is open without a request")
        }
    }
}
