internal import Planning
internal import Providers
internal import Sandbox
internal import Storage

/// The loop of a lane, as `Lane` in the room Scheduling has it: claim, call, settle.
extension SimulatedRun {
    /// A lane looks at the queue, as after a bell or a hold.
    func look(_ address: LaneAddress, ticket: Int) throws {
        guard isCurrent(address) else { return }
        let lane = daemons[address.daemon].lanes[address.endpoint]
        guard lane.call == nil, lane.ticket == ticket else { return }
        let now = now
        rules.beforeClaim(outside.path)
        let isKilledInside = isKilled(.insideClaim, address.daemon)
        do {
            let claim = try daemons[address.daemon].store.claim(
                endpoints[address.endpoint], among: provider(of: address.endpoint).endpoints,
                at: rules.claimInstant(now)
            ) { snapshot in
                let decision = rules.decide(snapshot, now)
                if case .call = decision, isKilledInside { gate.set(.kill) }
                return decision
            }
            openGate()
            daemons[address.daemon].lanes[address.endpoint].storeFailures = 0
            try act(on: claim, address)
        } catch is CommitGate.Killed {
            kill(address.daemon)
        } catch is StoreError {
            askAgain(address) { .look(address, ticket: $0) }
        }
    }

    private func act(on claim: Decision<OpenCall>, _ address: LaneAddress) throws {
        switch claim {
        case .call(let open):
            note("claim \(open.entry.id) \(open.entry.endpoint) \(open.jobs.count)")
            safety.claimed(open, self)
            if isKilled(.afterClaim, address.daemon) { return kill(address.daemon) }
            send(open, address)
        case .expire(let callID):
            note("lease_over \(callID)")
            try settle(callID, DatedOutcome(.expired), at: now, address)
            look(address, afterMicroseconds: 0)
        case .hold(let hold, let until):
            if hold == .halted { awaitResume(address.endpoint) }
            guard let until else { return }
            note("hold \(address.endpoint) \(hold.rawValue)")
            look(
                address, afterMicroseconds: max(1, until.milliseconds - now.milliseconds) * 1_000)
        }
    }

    private func send(_ open: OpenCall, _ address: LaneAddress) {
        let products = open.jobs.map(\.product)
        let isCalm = time >= scenario.calmAtMicroseconds
        let range =
            (isCalm ? nil : scenario.troubledLatencyMilliseconds) ?? scenario.latencyMilliseconds
        safety.sent(open, self)
        let isASINScope = endpoints[address.endpoint].provider == ASINScope.provider
        var dice = isASINScope ? latencyDice : itemLatencyDice
        let latency = Int64(dice.within(range)) * 1_000
        let upstream = Int64(dice.below(Int(latency) + 1))
        if isASINScope { latencyDice = dice } else { itemLatencyDice = dice }
        calls.append(
            SimulatedCall(
                callID: open.entry.id, lane: address, reserved: open.entry.reserved,
                products: products, sentAtMicroseconds: time, endsAtMicroseconds: time + latency,
                request: provider(of: address.endpoint).request(
                    open.entry.endpoint, open.jobs, key(of: address.endpoint))))
        daemons[address.daemon].lanes[address.endpoint].call = calls.count - 1
        add(.arrives(call: calls.count - 1), afterMicroseconds: upstream)
        let timeout = endpoints[address.endpoint].timeout.milliseconds * 1_000
        if latency > timeout {
            add(.ends(call: calls.count - 1), afterMicroseconds: timeout)
        }
    }

    /// The daemon's end of the connection has something: a reply, or none to be had any more.
    func end(_ index: Int) throws {
        let call = calls[index]
        guard isCurrent(call.lane), call.endedAt == nil else { return }
        calls[index].ending = call.ending ?? .failure("timeout")
        calls[index].endedAt = now
        if isKilled(.beforeSettle, call.lane.daemon) { return kill(call.lane.daemon) }
        try settle(index)
    }

    /// Settles a call of the run's, or tries again later.
    func settle(_ index: Int) throws {
        let call = calls[index]
        guard isCurrent(call.lane), let ending = call.ending, let endedAt = call.endedAt else {
            return
        }
        let outcome =
            switch ending {
            case .reply(let reply):
                provider(of: call.lane.endpoint).outcome(
                    reply, endpoints[call.lane.endpoint].name, call.products,
                    key(of: call.lane.endpoint))
            case .failure(let code):
                DatedOutcome(
                    UnsentReason(rawValue: code).map(CallOutcome.unsent)
                        ?? .failed(status: nil, message: code))
            }
        let isKilledInside = isKilled(.insideSettle, call.lane.daemon)
        do {
            if isKilledInside { gate.set(.kill) }
            try settle(call.callID, outcome, at: endedAt, call.lane, index)
        } catch is CommitGate.Killed {
            return kill(call.lane.daemon)
        } catch is StoreError {
            return askAgain(call.lane) { _ in .settle(call: index) }
        }
        openGate()
        daemons[call.lane.daemon].lanes[call.lane.endpoint].storeFailures = 0
        daemons[call.lane.daemon].lanes[call.lane.endpoint].call = nil
        if isKilled(.afterSettle, call.lane.daemon) { return kill(call.lane.daemon) }
        let isOneClient = endpoints[call.lane.endpoint].clientPolicy.isOneConnection
        // Where a provider sees one client, a lane lets the others go first.
        ring(call.lane.daemon, first: call.lane.endpoint + (isOneClient ? 1 : 0))
    }

    /// The settling transaction.
    func settle(
        _ callID: Int64, _ outcome: DatedOutcome, at now: Timestamp, _ address: LaneAddress,
        _ index: Int? = nil
    ) throws {
        let store = daemons[address.daemon].store
        rules.beforeSettle(callID, store.path)
        var jobs: [Job] = []
        let endpoint = endpoints[address.endpoint]
        let settlement = try store.settle(
            callID, at: endpoint, among: provider(of: address.endpoint).endpoints, now: now
        ) {
            jobs = $1
            return rules.resolve(outcome, $0, $1, endpoint, $2, now)
        }
        guard let settlement else { return note("settled_before \(callID)") }
        settled(callID, settlement, jobs, at: endpoint.name, index)
        if !settlement.followUps.isEmpty || !settlement.revivedCalls.isEmpty {
            book.recount(try outside.jobCounts(at: self.now))
        }
    }

    /// Books a settlement that is committed.
    func settled(
        _ callID: Int64, _ settlement: Settlement, _ jobs: [Job], at endpoint: String, _ index: Int?
    ) {
        note("settle \(callID) \(settlement.outcome.rawValue) \(settlement.chargedTokens)")
        book.settled(settlement, of: callID, atMicroseconds: time)
        safety.settled(
            callID, settlement, jobs, at: endpoint, index.map { calls[$0] }, self)
    }

    /// As `Lane.persistently`: a second later, then two, up to half a minute.
    private func askAgain(_ address: LaneAddress, _ event: (Int) -> Event) {
        var lane = daemons[address.daemon].lanes[address.endpoint]
        lane.storeFailures += 1
        lane.ticket += 1
        daemons[address.daemon].lanes[address.endpoint] = lane
        note("store_failed \(address.endpoint)")
        add(event(lane.ticket), afterMicroseconds: Int64(min(lane.storeFailures, 30)) * 1_000_000)
    }

    /// Wakes a daemon's lanes, as after a settlement or another program's commit.
    func ring(_ daemon: Int, first: Int = 0, afterMicroseconds delay: Int64 = 0) {
        guard daemons[daemon].isAlive else { return }
        for offset in endpoints.indices {
            let endpoint = (first + offset) % endpoints.count
            let address = LaneAddress(
                daemon: daemon, start: daemons[daemon].starts, endpoint: endpoint)
            let lane = daemons[daemon].lanes[endpoint]
            if lane.call == nil && lane.storeFailures == 0 {
                look(address, afterMicroseconds: delay)
            }
        }
    }

    private func look(_ address: LaneAddress, afterMicroseconds delay: Int64) {
        daemons[address.daemon].lanes[address.endpoint].ticket += 1
        let ticket = daemons[address.daemon].lanes[address.endpoint].ticket
        add(.look(address, ticket: ticket), afterMicroseconds: delay)
    }

    private func isCurrent(_ address: LaneAddress) -> Bool {
        let daemon = daemons[address.daemon]
        return daemon.isAlive && daemon.starts == address.start
    }

    /// The key that the sandbox knows.
    static let key = "sandbox"
}
