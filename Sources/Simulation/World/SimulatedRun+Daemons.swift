internal import Planning
internal import Providers
internal import Storage

/// Starts, deaths and the time between.
extension SimulatedRun {
    func start(_ index: Int) throws {
        guard !daemons[index].isAlive else { return }
        let before = daemons[index]
        daemons[index] = SimulatedDaemon(
            store: scenario.isOnFile ? try reopenStore() : before.store, isAlive: true,
            starts: before.starts + 1,
            lanes: SimulatedDaemon.lanes(of: endpoints))
        note("start \(index)")
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

    private func recover(_ index: Int) throws {
        let now = now
        var settlements: [(LedgerEntry, Settlement, [Job])] = []
        for account in scenario.accounts {
            _ = try daemons[index].store.recover(account.account.endpoints, now: now) {
                call, endpoint, jobs, ledger, _ in
                let settlement = rules.resolve(
                    DatedOutcome(.expired), call, jobs, endpoint, ledger, now)
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
        if index == 0 { add(.start(daemon: 0), afterMicroseconds: down) }
    }

    /// The instant of a kill has come. It strikes at once, or at the next of its points.
    func fallDue(_ kill: Scenario.Kill) {
        guard daemons[0].isAlive else { return }
        note("kill_due \(kill.point)")
        daemons[0].pendingKill = kill
        if kill.point == .anytime { self.kill(0) }
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

    func step(_ milliseconds: Int64) {
        note("clock \(milliseconds)")
        clock.step(byMilliseconds: milliseconds)
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
        setServerFaults(isCalm: true)
        if daemons.count > 1 { kill(1) }
        daemons[0].pendingKill = nil
        try start(0)
        try wake(0)
        try liveness.calm(self)
    }
}
