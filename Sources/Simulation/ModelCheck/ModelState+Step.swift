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
            _ = try next.end(flight, outcome, world, endpoints, rules, at: now)
        case .rival:
            next.rivalCallsLeft -= 1
            guard next.servers[0].countRival(world) else { return nil }
        case .kill:
            next.killsLeft -= 1
            next.isUp = false
            next.orphanFlights(world)
            next.machines = Self.machines(endpoints)
        case .restart:
            next.isUp = true
            try next.recover(endpoints, rules, at: now)
        case .tick:
            next.tick += 1
            for account in next.servers.indices {
                next.servers[account].turn(to: world.instant(next.tick), world)
            }
            next.flights.removeAll { $0.lastTick < next.tick }
        }
        try next.check(world, endpoints)
        return next
    }

    /// `Store.recover`: what a daemon does first. There are no orphans in a small world.
    private mutating func recover(
        _ endpoints: [Endpoint], _ rules: ModelRules, at now: Timestamp
    ) throws(ModelBreach) {
        for endpoint in endpoints {
            for call in store.calls(at: endpoint) where call.settledAt == nil {
                _ = try store.settle(call.id, DatedOutcome(.expired), endpoint, at: now, rules)
            }
        }
        store.liftHalts(endpoints)
    }

    /// A lane is woken, or its sleep is over. While its call is in flight the lane of a second daemon looks
    /// in its place, as where the lock failed.
    /// - Returns: Whether something came of it. The jobs that a look without a result found to be due, the
    ///   next look finds again.
    private mutating func look(
        _ lane: Int, _ world: ModelWorld, _ endpoints: [Endpoint], _ rules: ModelRules,
        at now: Timestamp
    ) throws(ModelBreach) -> Bool {
        let number = world.endpoint(of: lane)
        let endpoint = endpoints[number]
        let slot = world.slot(of: lane)
        let isSecondDaemon = machines[lane].hasUnsettledCall
        let before = isSecondDaemon ? LaneMachine(endpoint.clientPolicy) : machines[lane]
        var machine = before
        // Either it begins to claim, or it is about to, after a settlement.
        _ = machine.handle(.timeElapsed, at: now)
        let decision = try store.claim(number, slot: slot, endpoints, rules, at: now)
        if case .hold(let hold, _) = decision {
            let id = LaneID(account: endpoint.account, endpoint: endpoint.name, slot: slot)
            try checkHold(hold, of: id, endpoint)
        }
        let action = machine.handle(.claimed(decision), at: now)
        defer { if !isSecondDaemon { machines[lane] = machine } }
        switch action {
        case .send(let call):
            if let until = toldUntil[world.account(of: lane)], now < until {
                throw ModelBreach(.blockKept, "by call \(call.entry.id)")
            }
            flights.append(
                Flight(
                    callID: call.entry.id, lane: lane, products: call.jobs.map(\.product),
                    lastTick: tick + world.timeoutTicks))
            return true
        case .settle(let ended):
            let settlement = try settle(ended, endpoint, rules)
            _ = machine.handle(.settled, at: now)
            return settlement != nil
        default: return machine != before
        }
    }

    /// The daemon's end of the connection has something.
    private mutating func end(
        _ flight: Flight, _ outcome: CallOutcome, _ world: ModelWorld, _ endpoints: [Endpoint],
        _ rules: ModelRules, at now: Timestamp
    ) throws(ModelBreach) -> Settlement? {
        let endpoint = endpoints[world.endpoint(of: flight.lane)]
        // The lane of a daemon that was killed, but is not dead, knows its call alone.
        guard !flight.isOrphan else {
            return try store.settle(flight.callID, DatedOutcome(outcome), endpoint, at: now, rules)
        }
        let action = machines[flight.lane].handle(.replied(DatedOutcome(outcome)), at: now)
        guard case .settle(let ended) = action else { return nil }
        let settlement = try settle(ended, endpoint, rules)
        _ = machines[flight.lane].handle(.settled, at: now)
        return settlement
    }

    private mutating func settle(
        _ ended: LaneMachine.EndedCall, _ endpoint: Endpoint, _ rules: ModelRules
    ) throws(ModelBreach) -> Settlement? {
        try store.settle(ended.callID, ended.ending, endpoint, at: ended.endedAt, rules)
    }

    private mutating func count(
        _ index: Int, _ world: ModelWorld, _ rules: ModelRules
    ) throws(ModelBreach) {
        let flight = flights[index]
        let kind = world.kind(of: flight.lane)
        let account = world.account(of: flight.lane)
        let count = flight.products.count
        if world.refusedKeys.contains(account) {
            flights[index].reply = .unauthorized
            if flight.isOrphan { flights.remove(at: index) }
            return
        }
        if rules.serverRefuses, let tooFast = servers[account].isTooFast(world) {
            // Without another client, and without a killed daemon's request, nothing is too fast.
            guard world.rivalCalls > 0 || world.kills > 0 else {
                throw ModelBreach(.notRefused, "call \(flight.callID) is too fast")
            }
            flights[index].reply = tooFast
            if flight.isOrphan { flights.remove(at: index) }
            return
        }
        let refusal = servers[account].refusal(kind, products: count, world)
        if flight.products.contains(where: world.poison.contains) {
            flights[index].reply = .rejected
        } else if let refusal, rules.serverRefuses {
            // A daemon that is gone reads no reply.
            guard flight.isOrphan else {
                throw ModelBreach(.notRefused, "call \(flight.callID) by the \(refusal)")
            }
            flights.remove(at: index)
            return
        } else {
            flights[index].reply = servers[account].count(kind, products: count, world)
        }
        if flight.isOrphan && !world.hasStragglers { flights.remove(at: index) }
    }

    private mutating func reply(
        _ index: Int, _ world: ModelWorld, _ endpoints: [Endpoint], _ rules: ModelRules,
        at now: Timestamp
    ) throws(ModelBreach) {
        let flight = flights.remove(at: index)
        let (outcome, charge) = meaning(of: flight, world)
        if case .tooFast = flight.reply {
            let account = world.account(of: flight.lane)
            toldUntil[account] = servers[account].blockedUntil
        }
        let settlement = try end(flight, outcome, world, endpoints, rules, at: now)
        if let settlement, let charge, settlement.chargedTokens != charge {
            throw ModelBreach(
                .chargedAlike,
                "call \(flight.callID): \(settlement.chargedTokens) by us, \(charge) by the server")
        }
    }

    /// The reply as Providers reads it, and what the server charged; nil where the reply does not let us
    /// know.
    private func meaning(of flight: Flight, _ world: ModelWorld) -> (CallOutcome, Int?) {
        let kind = world.kind(of: flight.lane)
        switch flight.reply! {
        case .answered(let left, let resetsIn):
            let found = flight.products.filter { !world.absent.contains($0) }
                .map { ($0, Item(isFound: true, body: "{}")) }
            let answer = Answer(
                items: Dictionary(uniqueKeysWithValues: found), dailyRemaining: left,
                resetsIn: resetsIn,
                allowance: kind == 1
                    ? world.ownPoolTokens ?? world.poolTokens : world.poolTokens)
            return (
                .succeeded(answer),
                ModelServer.tokens(kind, products: flight.products.count, world)
            )
        case .rejected: return (.rejected(status: 400, message: "Invalid ASIN"), 0)
        case .unauthorized: return (.unauthorized(status: 401, message: "Invalid key"), 0)
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
