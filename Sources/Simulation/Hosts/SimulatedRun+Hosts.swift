internal import Planning
internal import Storage

/// The simulation's shell around `HostLease`, as the daemon's is `Attendance`: hosts stand by, lead, and stop
/// when their lease is over.
extension SimulatedRun {
    private static let standbyMicroseconds = HostLease.standbyInterval.milliseconds * 1_000
    private static let attendMicroseconds = HostLease.attendInterval.milliseconds * 1_000

    /// On a server.
    var hosts: HostScenario { scenario.hosts! }

    /// The server's clock shows the run's time.
    func setServerTime() throws {
        guard let server, shownTime != now else { return }
        try server.setTime(now)
        shownTime = now
    }

    /// The clock of a daemon's lanes: its host's, corrected by the server's as the lease has seen it last.
    func now(of daemon: Int) -> Timestamp {
        guard let host = daemons[daemon].host else { return now }
        return host.clock.now(atMicroseconds: time)
            + rules.serverOffset(host.lease?.offset ?? .zero)
    }

    func isFrozen(_ daemon: Int) -> Bool { (daemons[daemon].host?.frozenUntil ?? 0) > time }

    func isCut(_ daemon: Int) -> Bool { (daemons[daemon].host?.cutUntil ?? 0) > time }

    /// - Throws: `StoreError` if the daemon is cut off from the database.
    func requireConnection(_ daemon: Int) throws {
        if isCut(daemon) { throw StoreError.unreachable(url: "simulated", detail: "cut") }
    }

    /// A process begins: it registers its run and looks whether the lead is free.
    func startHost(_ index: Int) throws {
        do {
            let lease = try HostLease(daemons[index].store) { [uptime] in uptime.value }
            daemons[index].host?.lease = lease
        } catch is StoreError {
            daemons[index].isAlive = false
            return add(.start(daemon: index), afterMicroseconds: 5_000_000)
        }
        try attend(index)
    }

    /// A host reports that it is alive; one that stands by takes the lead if it is free.
    func attend(_ index: Int) throws {
        guard let host = daemons[index].host, let lease = host.lease else { return }
        if isFrozen(index) {
            daemons[index].host?.attendsAt = host.frozenUntil
            return
        }
        do {
            try requireConnection(index)
            let leads = try lease.attend { host.clock.now(atMicroseconds: time) }
            if host.mode == .standingBy && (leads || hosts.everyoneLeads) {
                note("lead \(index) \(leads)")
                try lead(index)
            } else if host.mode == .leading && !leads && !hosts.everyoneLeads {
                wake(index, afterMicroseconds: 1_000_000)
            }
        } catch is StoreError {
            note("not_attended \(index)")
            // Its watch notices the end of the lease within a second.
            guard host.mode == .leading && !hosts.everyoneLeads else {
                return scheduleAttendance(index)
            }
            wake(index, afterMicroseconds: HostLease.duration.milliseconds * 1_000 + 1_000_000)
        }
        scheduleAttendance(index)
    }

    /// While no host has a fault, their reports change nothing that is read before the next event, and most of
    /// them are left out. The one who leads makes at least one in the last eight seconds before the event, and
    /// before the last ones of the others, which would take the lead otherwise.
    private func scheduleAttendance(_ index: Int) {
        guard daemons[index].isAlive, let host = daemons[index].host else { return }
        let leads = host.mode != .standingBy
        let interval = leads ? Self.attendMicroseconds : Self.standbyMicroseconds
        var left: Int64 = 1
        if isHealthy, let next = agenda.nextMicroseconds {
            let end = leads ? next - Self.attendMicroseconds : next
            left = max(1, (end - time) / interval)
        }
        daemons[index].host?.attendsAt = time + left * interval
    }

    private var isHealthy: Bool {
        daemons.contains { $0.isAlive && $0.host?.mode == .leading }
            && daemons.indices.allSatisfy { index in
                !daemons[index].isAlive
                    || !isFrozen(index) && !isCut(index) && daemons[index].host?.mode != .stopping
            }
    }

    /// The host whose report is due next, before the agenda's next event.
    var nextAttendance: (atMicroseconds: Int64, daemon: Int)? {
        let due = daemons.indices.compactMap { index in
            daemons[index].isAlive
                ? daemons[index].host?.attendsAt.map { (atMicroseconds: $0, daemon: index) } : nil
        }
        guard let first = due.min(by: { $0.atMicroseconds < $1.atMicroseconds }) else { return nil }
        guard let next = agenda.nextMicroseconds else { return nil }
        return first.atMicroseconds <= next ? first : nil
    }

    private func lead(_ index: Int) throws {
        daemons[index].host?.mode = .leading
        daemons[index].starts += 1
        daemons[index].lanes = SimulatedDaemon.lanes(of: endpoints)
        do {
            if rules.recovers { try recover(index) }
            for endpoint in endpoints.indices { safety.resumed(endpoint) }
        } catch is StoreError {
            // The daemon tries again; here with its next report.
            daemons[index].host?.mode = .standingBy
            return
        }
        try wake(index)
    }

    /// A claim found that the lease is over, or the process got SIGTERM.
    func stopLanes(_ index: Int) throws {
        guard daemons[index].host?.mode == .leading else { return }
        note("stop_lanes \(index)")
        daemons[index].host?.mode = .stopping
        for address in addresses(of: index) { try deliver(.stopRequested, to: address) }
        try laneFinished(index)
    }

    /// Once the last lane has ended, the host stands by again, or the process ends.
    func laneFinished(_ index: Int) throws {
        guard daemons[index].host?.mode == .stopping,
            daemons[index].lanes.joined().allSatisfy(\.isFinished)
        else { return }
        daemons[index].host?.mode = .standingBy
        note("stands_by \(index)")
        try endStopped(index)
    }

    /// SIGTERM.
    func stop(_ index: Int, forMicroseconds down: Int64) throws {
        daemons[index].host?.stopsFor = down
        if daemons[index].host?.mode == .standingBy { return try endStopped(index) }
        try stopLanes(index)
    }

    private func endStopped(_ index: Int) throws {
        guard let down = daemons[index].host?.stopsFor else { return }
        note("stopped \(index)")
        if !isCut(index) { daemons[index].host?.lease?.resign() }
        daemons[index].isAlive = false
        add(.start(daemon: index), afterMicroseconds: down)
    }

    func addresses(of index: Int) -> [LaneAddress] {
        daemons[index].lanes.enumerated().flatMap { endpoint, lanes in
            lanes.indices.map {
                LaneAddress(
                    daemon: index, start: daemons[index].starts, endpoint: endpoint, slot: $0)
            }
        }
    }
}
