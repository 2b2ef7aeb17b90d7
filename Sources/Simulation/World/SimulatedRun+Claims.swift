internal import Planning
internal import Providers
internal import Storage

/// Claims of the simulated lanes.
extension SimulatedRun {
    func claim(_ address: LaneAddress) throws {
        rules.beforeClaim(outside.path)
        self[address].claimedAtMicroseconds = time
        let isKilledInside = isKilled(.insideClaim, address.daemon)
        let overlap = isKilledInside ? nil : nextOverlap(with: address)
        let claimed: Result<Decision<OpenCall>, any Error>
        do {
            try requireConnection(address.daemon)
            let decision = try claiming(address).run {
                if case .call = $0, isKilledInside { troubleGate(address.daemon) }
                begin(overlap)
            }
            openGate()
            claimed = .success(decision)
        } catch {
            claimed = .failure(error)
        }
        try end(claimed, address)
        try end(overlap)
    }

    /// The transaction of a claim. It has all that it needs, so another thread may run it.
    func claiming(_ address: LaneAddress) -> SimulatedClaim {
        let host = daemons[address.daemon].host
        return SimulatedClaim(
            store: daemons[address.daemon].store, endpoint: endpoints[address.endpoint],
            slot: address.slot, endpoints: account(of: address.endpoint).account.endpoints,
            now: now(of: address.daemon), rules: rules,
            lease: scenario.hosts?.everyoneLeads ?? true ? nil : host?.lease,
            ownCalls: host?.ownCalls)
    }

    /// A claim's transaction has ended, and what follows from it happens.
    func end(
        _ claimed: Result<Decision<OpenCall>, any Error>, _ address: LaneAddress
    ) throws {
        let daemon = address.daemon
        let decision: Decision<OpenCall>
        do {
            decision = try claimed.get()
        } catch is CommitGate.Killed {
            return try strike(daemon)
        } catch let error as StoreError {
            if isStruck(error, daemon) { try strike(daemon) }
            return try storeFailed(error, address)
        }
        self[address].hold = nil
        switch decision {
        case .call(let open):
            note("claim \(open.entry.id) \(open.entry.endpoint) \(open.jobs.count)")
            safety.claimed(open, self)
            if isKilled(.afterClaim, daemon) {
                try strike(daemon)
                guard isCurrent(address) else { return }
                // The call is in the ledger, which the daemon does not learn.
                if isCut(daemon) { return try deliver(.storeFailed(.temporary), to: address) }
            }
            daemons[daemon].host?.ownCalls.insert(open.entry.id)
            safety.sent(open, self)
        case .expire(let callID): note("lease_over \(callID)")
        case .hold(let hold, let until):
            if hold == .halted {
                safety.halted(address.endpoint, self)
                awaitResume(address.endpoint)
            }
            self[address].hold = hold
            if until != nil { note("hold \(address.endpoint) \(hold.rawValue)") }
        }
        try deliver(.claimed(decision), to: address)
    }

    /// The current transaction will fail at its end: the daemon dies, or loses its connection.
    func troubleGate(_ daemon: Int) {
        let isDeath = daemons[daemon].pendingKill?.kind ?? .kill == .kill
        gate.set(isDeath ? .kill : .unreachable)
    }

    /// Whether the error is that of `troubleGate`.
    func isStruck(_ error: StoreError, _ daemon: Int) -> Bool {
        guard case .unreachable = error, let fault = daemons[daemon].pendingKill else {
            return false
        }
        return !isCut(daemon) && (fault.point == .insideClaim || fault.point == .insideSettle)
    }
}

/// A claim before its transaction.
struct SimulatedClaim: Sendable {
    var store: Store
    var endpoint: Endpoint
    var slot: Int
    /// All of the account.
    var endpoints: [Endpoint]
    /// The clock of the daemon.
    var now: Timestamp
    var rules: PlannerRules
    /// The lead that must be valid; nil: none is needed.
    var lease: HostLease?
    /// On a server.
    var ownCalls: Set<Int64>?

    /// - Parameter decided: Called in the middle of the transaction.
    /// - Throws: `StoreError`, `CommitGate.Killed`
    func run(decided: (Decision<CallPlan>) -> Void = { _ in }) throws -> Decision<OpenCall> {
        try store.claim(endpoint, slot: slot, among: endpoints, at: rules.claimInstant(now)) {
            snapshot, instant in
            try lease?.requireValid(for: store)
            let seen = ownCalls.map { rules.seen(snapshot, $0) } ?? snapshot
            let decision = rules.decide(seen, ownCalls == nil ? now : instant)
            decided(decision)
            return decision
        }
    }
}
