internal import Planning

extension ModelState {
    /// What must hold after every action.
    func check(_ world: ModelWorld) throws(ModelBreach) {
        if let property = server.overdrawn(world) { throw ModelBreach(property, "") }
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
        try checkRejections()
        if isUp { try checkFlights(world) }
    }

    private func checkRejections() throws(ModelBreach) {
        for (lane, name) in store.laneNames.enumerated() {
            let rejected = store.rejectedAlone(lane)
            guard rejected.count >= Planner.rejectionsMax else { continue }
            let calls = Set(rejected.map(\.id))
            if let job = store.jobs.first(where: {
                $0.state == .discarded && calls.contains($0.job.lastCallID ?? 0)
            }) {
                throw ModelBreach(.rejectionsHalt, "\(job.job.product) was discarded")
            }
            let resumedAfter = store.resumedAfter[lane]
            if rejected.count(where: { $0.id > resumedAfter }) > Planner.rejectionsMax {
                throw ModelBreach(.rejectionsHalt, "\(name) continues to call")
            }
        }
    }

    /// The open calls in the ledger are those under way, with the same jobs.
    private func checkFlights(_ world: ModelWorld) throws(ModelBreach) {
        let live = flights.filter { !$0.isOrphan }
        if world.isOneClient, live.count > 1 {
            throw ModelBreach(.oneAtATime, "calls \(live[0].callID) and \(live[1].callID)")
        }
        for (index, flight) in live.enumerated() {
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
            throw ModelBreach(.noneLost, "a call is open that nobody makes")
        }
    }
}
