internal import Planning
internal import Providers
internal import Sandbox
internal import Storage

/// The simulation's shell around `LaneMachine`, as `Lane` is the daemon's: it performs the machine's actions
/// on the store and the model of the server, and makes no decisions.
extension SimulatedRun {
    subscript(address: LaneAddress) -> SimulatedDaemon.Lane {
        get { daemons[address.daemon].lanes[address.endpoint][address.slot] }
        set { daemons[address.daemon].lanes[address.endpoint][address.slot] = newValue }
    }

    /// Delivers an event to a lane, with all its immediate effects.
    func deliver(_ event: LaneMachine.Event, to address: LaneAddress) throws {
        guard isCurrent(address) else { return }
        var machine = self[address].machine
        let action = rules.handle(&machine, event, now)
        self[address].machine = machine
        switch action {
        case .claim: try claim(address)
        case .send(let call): send(call, address)
        case .settle(let ended): try settle(ended, address)
        case .sleep(let until):
            if try addsDueProducts(address) { return try wake(address.daemon) }
            let lane = self[address]
            let wakeAt = lane.standing.wake(before: until, lane.hold)
            setTimer(address, afterMicroseconds: (wakeAt - now).milliseconds * 1_000)
        case .retryStore(let pause):
            note("store_failed \(address.endpoint)")
            setTimer(address, afterMicroseconds: pause.milliseconds * 1_000)
        case .finish, nil: break
        }
    }

    /// Wakes a daemon's lanes, as after a settlement or another program's commit.
    func wake(_ daemon: Int) throws {
        let start = daemons[daemon].starts
        for (endpoint, lanes) in daemons[daemon].lanes.enumerated() {
            for slot in lanes.indices {
                try deliver(
                    .woken,
                    to: LaneAddress(daemon: daemon, start: start, endpoint: endpoint, slot: slot))
            }
        }
    }

    func timeElapsed(_ address: LaneAddress, ticket: Int) throws {
        guard isCurrent(address), self[address].ticket == ticket else { return }
        try deliver(.timeElapsed, to: address)
    }

    private func setTimer(_ address: LaneAddress, afterMicroseconds delay: Int64) {
        self[address].ticket += 1
        add(.timer(address, ticket: self[address].ticket), afterMicroseconds: delay)
    }

    private func claim(_ address: LaneAddress) throws {
        let now = now
        rules.beforeClaim(outside.path)
        let isKilledInside = isKilled(.insideClaim, address.daemon)
        let claimed: Decision<OpenCall>
        do {
            claimed = try daemons[address.daemon].store.claim(
                endpoints[address.endpoint], slot: address.slot,
                among: account(of: address.endpoint).account.endpoints, at: rules.claimInstant(now)
            ) { snapshot, _ in
                let decision = rules.decide(snapshot, now)
                if case .call = decision, isKilledInside { gate.set(.kill) }
                return decision
            }
            openGate()
        } catch is CommitGate.Killed {
            return kill(address.daemon)
        } catch let error as StoreError {
            return try deliver(.storeFailed(error.failure), to: address)
        }
        self[address].hold = nil
        switch claimed {
        case .call(let open):
            note("claim \(open.entry.id) \(open.entry.endpoint) \(open.jobs.count)")
            safety.claimed(open, self)
            if isKilled(.afterClaim, address.daemon) { return kill(address.daemon) }
        case .expire(let callID): note("lease_over \(callID)")
        case .hold(let hold, let until):
            if hold == .halted {
                safety.halted(address.endpoint, self)
                awaitResume(address.endpoint)
            }
            self[address].hold = hold
            if until != nil { note("hold \(address.endpoint) \(hold.rawValue)") }
        }
        try deliver(.claimed(claimed), to: address)
    }

    private func send(_ open: OpenCall, _ address: LaneAddress) {
        let products = open.jobs.map(\.product)
        let isCalm = time >= scenario.calmAtMicroseconds
        let range =
            (isCalm ? nil : scenario.troubledLatencyMilliseconds) ?? scenario.latencyMilliseconds
        safety.sent(open, self)
        let index = accountIndex(of: address.endpoint)
        let latency = Int64(latencyDice[index].within(range)) * 1_000
        let way =
            endpoints[address.endpoint].clientPolicy.callsInFlight == 1
            ? RequestWay(countedWithin: latency, &latencyDice[index])
            : RequestWay(
                overlapping: latency, shortestMilliseconds: range.lowerBound, &latencyDice[index])
        calls.append(
            SimulatedCall(
                callID: open.entry.id, lane: address, reserved: open.entry.reserved,
                products: products, startedAtMicroseconds: time,
                endsAtMicroseconds: time + way.ends,
                sentAt: now + .milliseconds(way.leaves / 1_000),
                request: scenario.accounts[index].account.request(
                    open.entry.endpoint, open.jobs, servers[index].key)))
        self[address].call = calls.count - 1
        add(.arrives(call: calls.count - 1), afterMicroseconds: way.arrives)
        let timeout = endpoints[address.endpoint].timeout.milliseconds * 1_000
        if way.ends > timeout {
            add(.ends(call: calls.count - 1), afterMicroseconds: timeout)
        }
    }

    /// The daemon's end of the connection has a result: a reply, or an error.
    func end(_ index: Int) throws {
        let call = calls[index]
        guard isCurrent(call.lane), !call.hasEnded else { return }
        calls[index].hasEnded = true
        if case .reply = call.ending { calls[index].isReplyRead = true }
        if isKilled(.beforeSettle, call.lane.daemon) { return kill(call.lane.daemon) }
        let ending =
            switch call.ending ?? .failure("timeout") {
            case .reply(let reply):
                account(of: call.lane.endpoint).account.outcome(
                    reply, endpoints[call.lane.endpoint].name, call.products,
                    servers[accountIndex(of: call.lane.endpoint)].key)
            case .failure(let code):
                DatedOutcome(
                    UnsentReason(rawValue: code).map(CallOutcome.unsent)
                        ?? .failed(status: nil, message: code))
            }
        try deliver(.replied(ending), to: call.lane)
    }

    private func settle(_ ended: LaneMachine.EndedCall, _ address: LaneAddress) throws {
        // None of the run's calls if a lease has run out.
        let index = self[address].call
        do {
            if index != nil, isKilled(.insideSettle, address.daemon) { gate.set(.kill) }
            try write(ended, address, index)
        } catch is CommitGate.Killed {
            return kill(address.daemon)
        } catch let error as StoreError {
            return try deliver(.storeFailed(error.failure), to: address)
        }
        openGate()
        self[address].call = nil
        if index != nil, isKilled(.afterSettle, address.daemon) { return kill(address.daemon) }
        try deliver(.settled, to: address)
        if isCurrent(address) { try wake(address.daemon) }
    }

    /// The settling transaction.
    private func write(
        _ ended: LaneMachine.EndedCall, _ address: LaneAddress, _ index: Int?
    ) throws {
        let store = daemons[address.daemon].store
        rules.beforeSettle(ended.callID, store.path)
        var jobs: [Job] = []
        let endpoint = endpoints[address.endpoint]
        let settlement = try store.settle(
            ended.callID, at: endpoint, among: account(of: address.endpoint).account.endpoints,
            now: ended.endedAt
        ) {
            jobs = $1
            return rules.resolve(ended.ending, $0, $1, endpoint, $2, $3)
        }
        guard let settlement else { return note("settled_before \(ended.callID)") }
        settled(ended.callID, settlement, jobs, at: address.endpoint, index)
        try safety.readResults(of: settlement, ended.callID, at: endpoint.name, self)
        if !settlement.followUps.isEmpty || !settlement.revivedCalls.isEmpty {
            book.recount(try outside.jobCounts(at: now))
        }
    }

    /// Counts a settlement that is committed.
    func settled(
        _ callID: Int64, _ settlement: Settlement, _ jobs: [Job], at endpoint: Int, _ index: Int?
    ) {
        note("settle \(callID) \(settlement.outcome.rawValue) \(settlement.chargedTokens)")
        book.settled(settlement, of: callID, atMicroseconds: time)
        if let onAnswer {
            for case .completed(let job, _) in settlement.changes {
                onAnswer(
                    SimulatedAnswer(
                        endpoint: endpoints[endpoint].name, product: job.product,
                        atMilliseconds: (time - scenario.startMicroseconds) / 1_000))
            }
        }
        safety.settled(
            callID, settlement, jobs, at: endpoint, index.map { calls[$0] }, self)
    }

    private func isCurrent(_ address: LaneAddress) -> Bool {
        let daemon = daemons[address.daemon]
        return daemon.isAlive && daemon.starts == address.start
    }
}
