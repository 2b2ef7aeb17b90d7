internal import Planning

extension ModelState {
    /// A line about `action`, as the path to a breach has it.
    func telling(_ action: ModelAction, _ after: ModelState?, _ world: ModelWorld) -> String {
        func call(_ flight: Int) -> String {
            let flight = flights[flight]
            let products = flight.products.joined(separator: " ")
            let orphan = flight.isOrphan ? " of the killed daemon" : ""
            return "call \(flight.callID) (\(world.laneName(flight.lane)) \(products))\(orphan)"
        }
        let event =
            switch action {
            case .look(let lane):
                if let after, let opened = after.flights.last, after.flights.count > flights.count {
                    "\(world.laneName(lane)) sends call \(opened.callID) for "
                        + opened.products.joined(separator: " ")
                } else {
                    "\(world.laneName(lane)) looks"
                }
            case .count(let flight):
                "the server has \(call(flight))"
            case .error(let flight): "the server fails over \(call(flight))"
            case .reply(let flight): "the reply to \(call(flight)) is settled"
            case .lose(let flight): "\(call(flight)) is given up"
            case .rival: "another client makes a call"
            case .kill: "the daemon is killed"
            case .restart: "the daemon starts"
            case .tick: "the clock ticks"
            }
        return "tick \(tick): \(event)"
    }
}
