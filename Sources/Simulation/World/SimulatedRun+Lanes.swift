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
        if isFrozen(address.daemon), let host = daemons[address.daemon].host {
            return agenda.add(.delivery(event, address), atMicroseconds: host.frozenUntil)
        }
        var machine = self[address].machine
        let action = rules.handle(&machine, event, now(of: address.daemon))
        self[address].machine = machine
        switch action {
        case .claim: try claim(address)
        case .send(let call): try send(call, address)
        case .settle(let ended): try settle(ended, address)
        case .sleep(let until):
            if try addsDueProducts(address) { return try wake(address.daemon) }
            let lane = self[address]
            let wakeAt = lane.standing.wake(before: until, lane.hold)
            setTimer(
                address, afterMicroseconds: (wakeAt - now(of: address.daemon)).milliseconds * 1_000)
        case .retryStore(let pause):
            note("store_failed \(address.endpoint)")
            setTimer(address, afterMicroseconds: pause.milliseconds * 1_000)
        case .finish:
            self[address].isFinished = true
            self[address].call = nil
            try laneFinished(address.daemon)
        case nil: break
        }
    }

    /// A transaction has failed, and the lane tries it again, or ends.
    func storeFailed(_ error: StoreError, _ address: LaneAddress) throws {
        if case .other = error, server != nil { safety.found(.failures, "\(error)", self) }
        try deliver(.storeFailed(error.failure), to: address)
        if case .leadLost = error { try stopLanes(address.daemon) }
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

    private func send(_ open: OpenCall, _ address: LaneAddress) throws {
        // Its host was frozen since the claim.
        let passed = Duration.microseconds(time - self[address].claimedAtMicroseconds)
        guard rules.sends(passed, endpoints[address.endpoint]) else {
            note("sent_too_late \(open.entry.id)")
            return try deliver(
                .replied(DatedOutcome(.unsent(.connectionFailed))), to: address)
        }
        let products = open.jobs.map(\.product)
        let isCalm = time >= scenario.calmAtMicroseconds
        let range =
            (isCalm ? nil : scenario.troubledLatencyMilliseconds) ?? scenario.latencyMilliseconds
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
                products: products, startedAtMicroseconds: time, leaseUntil: open.entry.leaseUntil,
                endsAtMicroseconds: time + way.ends,
                sentAt: now(of: address.daemon) + .milliseconds(way.leaves / 1_000),
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
        if isKilled(.beforeSettle, call.lane.daemon) { try strike(call.lane.daemon) }
        guard isCurrent(call.lane) else { return }
        if isFrozen(call.lane.daemon), let host = daemons[call.lane.daemon].host {
            return agenda.add(.ends(call: index), atMicroseconds: host.frozenUntil)
        }
        calls[index].hasEnded = true
        if case .reply = call.ending { calls[index].isReplyRead = true }
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
        let daemon = address.daemon
        // None of the run's calls if a lease has run out.
        let index = self[address].call
        do {
            try requireConnection(daemon)
            if index != nil, isKilled(.insideSettle, daemon) { troubleGate(daemon) }
            try write(ended, address, index)
        } catch is CommitGate.Killed {
            return try strike(daemon)
        } catch let error as StoreError {
            if isStruck(error, daemon) { try strike(daemon) }
            return try storeFailed(error, address)
        }
        openGate()
        if index != nil, isKilled(.afterSettle, daemon) {
            try strike(daemon)
            guard isCurrent(address) else { return }
            // It is written, which the daemon does not learn.
            if isCut(daemon) { return try deliver(.storeFailed(.temporary), to: address) }
        }
        self[address].call = nil
        try deliver(.settled, to: address)
        if isCurrent(address) { try wake(daemon) }
    }

    /// The settling transaction.
    private func write(
        _ ended: LaneMachine.EndedCall, _ address: LaneAddress, _ index: Int?
    ) throws {
        let store = daemons[address.daemon].store
        rules.beforeSettle(ended.callID, store.path)
        var jobs: [Job] = []
        let endpoint = endpoints[address.endpoint]
        let overlap = nextOverlap(with: address)
        let settlement: Settlement?
        do {
            settlement = try store.settle(
                ended.callID, at: endpoint, among: account(of: address.endpoint).account.endpoints,
                now: ended.endedAt
            ) {
                jobs = $1
                begin(overlap)
                return rules.resolve(ended.ending, $0, $1, endpoint, $2, $3)
            }
        } catch {
            try end(overlap)
            throw error
        }
        guard let settlement else {
            try end(overlap)
            return try storeLate(ended, address)
        }
        daemons[address.daemon].host?.ownCalls.remove(ended.callID)
        settled(ended.callID, settlement, jobs, at: address.endpoint, index)
        try safety.readResults(of: settlement, ended.callID, at: endpoint.name, self)
        if !settlement.followUps.isEmpty || !settlement.revivedCalls.isEmpty {
            book.recount(try outside.jobCounts(at: now))
        }
        try end(overlap)
    }

    /// Another daemon has settled the call as lost, or this one has, and did not learn that it was written.
    private func storeLate(_ ended: LaneMachine.EndedCall, _ address: LaneAddress) throws {
        note("settled_before \(ended.callID)")
        guard case .succeeded(let answer) = ended.ending.outcome else { return }
        let endpoint = endpoints[address.endpoint]
        let late = try daemons[address.daemon].store.storeLate(
            rules.lateItems(answer.items), ofCall: ended.callID, at: endpoint, now: ended.endedAt)
        note("late \(ended.callID) \(late)")
        try safety.storedLate(Set(answer.items.keys), of: ended.callID, at: endpoint, self)
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

    func isCurrent(_ address: LaneAddress) -> Bool {
        let daemon = daemons[address.daemon]
        return daemon.isAlive && daemon.starts == address.start && daemon.host?.mode != .standingBy
    }
}
