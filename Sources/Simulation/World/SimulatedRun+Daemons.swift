internal import Planning
internal import Providers
internal import Storage

/// Starts, deaths and the time between.
extension SimulatedRun {
    func start(_ index: Int) throws {
        guard !daemons[index].isAlive else { return }
        if isCut(index), let host = daemons[index].host {
            return agenda.add(.start(daemon: index), atMicroseconds: host.cutUntil)
        }
        let before = daemons[index]
        daemons[index] = SimulatedDaemon(
            store: opensConnections ? try reopenStore() : before.store, isAlive: true,
            starts: before.starts + 1,
            lanes: SimulatedDaemon.lanes(of: endpoints),
            host: before.host.map { SimulatedHost(clock: $0.clock, cutUntil: $0.cutUntil) })
        note("start \(index)")
        if before.host != nil { return try startHost(index) }
        do {
            if rules.recovers { try recover(index) }
            for endpoint in endpoints.indices { safety.resumed(endpoint) }
        } catch is StoreError {
            // As its service manager would, it starts the daemon again a little later.
            daemons[index].isAlive = false
            return add(.start(daemon: index), afterMicroseconds: 5_000_000)
        }
        try wake(index)
    }

    /// Wakes a daemon's lanes later, unless it is another daemon's by then.
    func wake(_ daemon: Int, afterMicroseconds delay: Int64) {
        guard daemons[daemon].isAlive else { return }
        add(.wake(daemon: daemon, start: daemons[daemon].starts), afterMicroseconds: delay)
    }

    func recover(_ index: Int) throws {
        try requireConnection(index)
        rules.beforeRecover(outside.path)
        let now = now(of: index)
        var settlements: [(LedgerEntry, Settlement, [Job])] = []
        for account in scenario.accounts {
            _ = try daemons[index].store.recover(account.account.endpoints, now: now) {
                call, endpoint, jobs, ledger, instant in
                let settlement = rules.resolve(
                    DatedOutcome(.expired), call, jobs, endpoint, ledger, instant)
                settlements.append((call, settlement, jobs))
                return settlement
            }
        }
        for (call, settlement, jobs) in settlements {
            settled(call.id, settlement, jobs, at: endpointIndex(of: call), nil)
        }
    }

    /// The process is gone. Its sent requests are on their way all the same.
    func kill(_ index: Int) {
        guard daemons[index].isAlive else { return }
        note("kill \(index)")
        book.kills += 1
        openGate()
        daemons[index].isAlive = false
        let down = daemons[index].pendingKill?.downMicroseconds ?? 0
        daemons[index].pendingKill = nil
        if index == 0 || server != nil {
            add(.start(daemon: index), afterMicroseconds: down)
        }
    }

    /// The instant of a kill has come. It strikes at once, or at the next of its points.
    func fallDue(_ kill: Scenario.Kill) throws {
        guard daemons[kill.daemon].isAlive, !isFrozen(kill.daemon) else { return }
        note("kill_due \(kill.point)")
        daemons[kill.daemon].pendingKill = kill
        if kill.point == .anytime { try strike(kill.daemon) }
    }

    /// A kill, or another fault of a host, reaches its point.
    func strike(_ index: Int) throws {
        guard let fault = daemons[index].pendingKill else { return }
        if fault.kind == .kill { return kill(index) }
        note("\(fault.kind) \(index)")
        daemons[index].pendingKill = nil
        openGate()
        // Those that are still to come end before the liveness checks begin.
        let end = min(time + fault.downMicroseconds, max(time, scenario.calmAtMicroseconds))
        switch fault.kind {
        case .kill: break
        case .freeze: daemons[index].host?.frozenUntil = end
        case .cut: daemons[index].host?.cutUntil = end
        case .stop: try stop(index, forMicroseconds: fault.downMicroseconds)
        }
    }

    /// Whether the daemon is to be killed at this point, now.
    func isKilled(_ point: Scenario.KillPoint, _ daemon: Int) -> Bool {
        daemons[daemon].pendingKill?.point == point
    }

    func openGate() {
        gate.set(isDiskFull ? .diskFull : nil)
    }

    private var isDiskFull: Bool {
        scenario.fullDisk.contains { $0.contains(time) }
    }

    func step(_ milliseconds: Int64) throws {
        note("clock \(milliseconds)")
        clock.step(byMilliseconds: milliseconds)
        try setServerTime()
        for daemon in daemons.indices {
            wake(daemon, afterMicroseconds: LaneMachine.sleepMax.milliseconds * 1_000)
        }
    }

    /// All faults end. From now on the work must get done.
    func calm() throws {
        note("calm")
        gate.set(nil)
        try endSchedule()
        clock.correct(atMicroseconds: time)
        try setServerTime()
        setServerFaults(isCalm: true)
        if server == nil && daemons.count > 1 { kill(1) }
        for index in daemons.indices where index == 0 || server != nil {
            daemons[index].pendingKill = nil
            try start(index)
            try wake(index)
        }
        try liveness.calm(self)
    }
}
