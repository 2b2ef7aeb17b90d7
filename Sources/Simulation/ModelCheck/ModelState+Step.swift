internal import Planning

extension ModelState {
    /// The state after `action`; nil where nothing comes of it.
    func after(
        _ action: ModelAction, _ world: ModelWorld, _ endpoints: [Endpoint], _ rules: ModelRules
    ) throws(ModelBreach) -> ModelState? {
        var next = self
        let now = world.instant(tick)
        switch action {
        case .look(let lane):
            guard try next.look(lane, world, endpoints, rules, at: now) else { return nil }
        case .count(let index):
            try next.count(index, world, rules)
        case .error(let index):
            next.errorsLeft -= 1
            next.flights[index].reply = .serverError
        case .reply(let index):
            try next.reply(index, world, endpoints, rules, at: now)
        case .lose(let index):
            next.lossesLeft -= 1
            let flight = next.flights.remove(at: index)
            let outcome = CallOutcome.failed(status: nil, message: "timeout")
            _ = try next.store.settle(
                flight.callID, outcome, endpoints[flight.lane], at: now, rules)
        case .rival:
            next.rivalCallsLeft -= 1
            guard next.server.countRival(world) else { return nil }
        case .kill:
            next.killsLeft -= 1
            next.isUp = false
            next.orphanFlights(world)
        case .restart:
            next.isUp = true
            try next.recover(endpoints, rules, at: now)
        case .tick:
            next.tick += 1
            next.server.turn(to: world.instant(next.tick), world)
            next.flights.removeAll { $0.lastTick < next.tick }
        }
        try next.check(world)
        return next
    }

    /// `Store.recover`: what a daemon does first. There are no strays in a small world.
    private mutating func recover(
        _ endpoints: [Endpoint], _ rules: ModelRules, at now: Timestamp
    ) throws(ModelBreach) {
        for endpoint in endpoints {
            for call in store.openCalls where call.endpoint == endpoint.name {
                _ = try store.settle(call.id, .expired, endpoint, at: now, rules)
            }
        }
        store.liftHalts(endpoints)
    }

    /// - Returns: Whether something came of it. The jobs that a vain look found to be due, the next look
    ///   finds again.
    private mutating func look(
        _ lane: Int, _ world: ModelWorld, _ endpoints: [Endpoint], _ rules: ModelRules,
        at now: Timestamp
    ) throws(ModelBreach) -> Bool {
        let decision = try store.claim(lane, endpoints, at: now, decide: rules.decide)
        switch decision {
        case .call(let plan):
            flights.append(
                Flight(
                    callID: store.ledger.last!.id, lane: lane, products: plan.jobs.map(\.product),
                    lastTick: tick + world.timeoutTicks))
            return true
        case .expire(let callID):
            let settlement = try store.settle(callID, .expired, endpoints[lane], at: now, rules)
            return settlement != nil
        case .hold: return false
        }
    }

    private mutating func count(
        _ index: Int, _ world: ModelWorld, _ rules: ModelRules
    ) throws(ModelBreach) {
        let flight = flights[index]
        if let toldUntil, !flight.isOrphan, world.instant(tick) < toldUntil {
            throw ModelBreach(.blockKept, "by call \(flight.callID)")
        }
        if rules.serverRefuses, let tooFast = server.isTooFast(world) {
            // Without another client, and without a killed daemon's request, nothing is too fast.
            guard world.rivalCalls > 0 || world.kills > 0 else {
                throw ModelBreach(.notRefused, "call \(flight.callID) is too fast")
            }
            flights[index].reply = tooFast
            if flight.isOrphan { flights.remove(at: index) }
            return
        }
        let refusal = server.refusal(flight.lane, products: flight.products.count, world)
        if flight.products.contains(where: world.poison.contains) {
            flights[index].reply = .rejected
        } else if let refusal, rules.serverRefuses {
            // Nobody reads what the server says to a daemon that is gone.
            guard flight.isOrphan else {
                throw ModelBreach(.notRefused, "call \(flight.callID) by the \(refusal)")
            }
            flights.remove(at: index)
            return
        } else {
            flights[index].reply = server.count(
                flight.lane, products: flight.products.count, world)
        }
        if flight.isOrphan && !world.hasStragglers { flights.remove(at: index) }
    }

    private mutating func reply(
        _ index: Int, _ world: ModelWorld, _ endpoints: [Endpoint], _ rules: ModelRules,
        at now: Timestamp
    ) throws(ModelBreach) {
        let flight = flights.remove(at: index)
        let (outcome, charge) = meaning(of: flight, world)
        if case .tooFast = flight.reply { toldUntil = server.blockedUntil }
        let settlement = try store.settle(
            flight.callID, outcome, endpoints[flight.lane], at: now, rules)
        if let settlement, let charge, settlement.chargedTokens != charge {
            throw ModelBreach(
                .chargedAlike,
                "call \(flight.callID): \(settlement.chargedTokens) by us, \(charge) by the server")
        }
    }

    /// The reply as Providers reads it, and what the server charged; nil where the reply does not let us
    /// know.
    private func meaning(of flight: Flight, _ world: ModelWorld) -> (CallOutcome, Int?) {
        switch flight.reply! {
        case .answered(let left, let resetsIn):
            let found = flight.products.filter { !world.absent.contains($0) }
                .map { ($0, Item(isFound: true, body: "{}")) }
            let answer = Answer(
                items: Dictionary(uniqueKeysWithValues: found), dailyLeft: left,
                resetsIn: resetsIn,
                allowance: flight.lane == 1
                    ? world.ownPoolTokens ?? world.poolTokens : world.poolTokens)
            return (
                .succeeded(answer),
                ModelServer.tokens(flight.lane, products: flight.products.count, world)
            )
        case .rejected: return (.rejected(status: 400, message: "Invalid ASIN"), 0)
        case .tooFast(let hint):
            return (.rateLimited(.minute, hint: hint, message: "TOO_FAST"), nil)
        case .serverError: return (.failed(status: 500, message: "server error"), nil)
        }
    }

    /// The requests of a killed daemon may still reach the server. Its replies are lost, or settled by
    /// a daemon that was not quite dead.
    private mutating func orphanFlights(_ world: ModelWorld) {
        if !world.hasStragglers { flights.removeAll { $0.reply != nil } }
        for index in flights.indices { flights[index].isOrphan = true }
    }
}
