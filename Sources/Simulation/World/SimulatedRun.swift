internal import Planning
internal import Providers
internal import Sandbox
package import Storage

/// One run: the real store, planner and provider against the sandbox's model, in virtual time. There
/// are no tasks and nothing sleeps, so a run is a function of its seed.
package final class SimulatedRun {
    enum Event {
        case submission(Int)
        case cancellation(Int)
        case wake(daemon: Int, start: Int)
        case timer(LaneAddress, ticket: Int)
        case arrives(call: Int)
        case ends(call: Int)
        case kill(Int)
        case start(daemon: Int)
        case stop(daemon: Int)
        case clockStep(Int)
        case fullDisk(Bool)
        case resume(endpoint: Int)
        case calm
        case feed
        case giveUp
        /// Something that happened to a lane while its host was frozen.
        case delivery(LaneMachine.Event, LaneAddress)
        case hostClockStep(Int)
        case restart
    }

    package let seed: UInt64
    package let days: Int
    let scenario: Scenario
    let rules: PlannerRules
    /// Of all accounts.
    let endpoints: [Endpoint]
    let gate = CommitGate()
    /// How other programs reach the database.
    let outside: Store
    let server: SimulatedServer?
    let uptime: SimulatedUptime
    private let openStore: () throws -> Store
    private let onEvent: ((String) -> Void)?
    let onAnswer: ((SimulatedAnswer) -> Void)?

    var agenda = Agenda<Event>()
    var time: Int64
    var clock: SimulatedClock
    var overlapDice: SplitMix64
    /// Whether one host's transaction has begun within another's.
    var isOverlapping = false
    /// These two have an element for each of the scenario's accounts.
    var latencyDice: [SplitMix64]
    var servers: [any SandboxModel]
    var daemons: [SimulatedDaemon] = []
    var calls: [SimulatedCall] = []
    var book: RunBook
    var safety: SafetyChecks
    var liveness = LivenessChecks()
    /// Halted lanes that a person will resume, by endpoint.
    var awaitingResume: Set<Int> = []
    private var hash = TraceHash()
    var shownTime: Timestamp?

    /// - Parameters:
    ///   - days: How long work is added and faults last, 1 or more.
    ///   - faults: The kinds of faults; nil lets the seed choose.
    ///   - backlog: The work, in place of the seed's own.
    ///   - sources: The providers that the run may have work for, of the catalog in force. The first is in
    ///     every run.
    ///   - openFile: Opens the run's database file, a new connection each time. If it is nil, the run uses
    ///     memory.
    ///   - server: The run's database on a server, which two hosts work; nil: it is a file or in memory.
    ///   - onEvent: Gets a line for each event.
    ///   - onAnswer: Gets each job's answer.
    package init(
        seed: UInt64, days: Int = 1, faults: Set<FaultKind>? = nil,
        backlog: SimulatedBacklog? = nil, sources: [SimulationSource] = SimulationSource.all,
        rules: PlannerRules = PlannerRules(),
        openFile: (((@Sendable () throws -> Void)?) throws -> Store)? = nil,
        server: SimulatedServer? = nil,
        onEvent: ((String) -> Void)? = nil, onAnswer: ((SimulatedAnswer) -> Void)? = nil
    ) throws {
        var scenario = Scenario(
            seed: seed, days: days, faults: faults, backlog: backlog, sources: sources)
        if let server { scenario.addHosts(seed: seed, days: days, isQuiet: server.isQuiet) }
        self.seed = seed
        self.days = days
        self.scenario = scenario
        self.rules = rules
        self.server = server
        uptime = SimulatedUptime(scenario.startMicroseconds)
        self.onEvent = onEvent
        self.onAnswer = onAnswer
        endpoints = scenario.accounts.flatMap(\.account.endpoints)
        time = scenario.startMicroseconds
        clock = SimulatedClock(
            setAtMicroseconds: scenario.startMicroseconds, driftPPM: scenario.driftPPM)
        latencyDice = scenario.accounts.map {
            SplitMix64(seed: seed, stream: $0.latencyStream)
        }
        overlapDice = SplitMix64(seed: seed, stream: "overlaps")
        servers = scenario.accounts.map(\.server)
        safety = SafetyChecks(endpoints: endpoints.count)
        book = RunBook(scenario)
        let gate = gate
        if let server {
            outside = try server.open { try gate.pass() }
            openStore = { try server.open { try gate.pass() } }
            try server.setTime(clock.now(atMicroseconds: time))
        } else if scenario.isOnFile, let openFile {
            outside = try openFile { try gate.pass() }
            openStore = { try openFile { try gate.pass() } }
        } else {
            let store = try Store(endpoints: Catalog.current.references) { try gate.pass() }
            outside = store
            openStore = { store }
        }
        try outside.register(
            scenario.accounts.map {
                StoredAccount(
                    name: $0.account.name, provider: $0.account.definition.name,
                    isShared: $0.account.isShared)
            })
        try addSchedule()
        let count = scenario.hosts == nil && scenario.secondDaemon == nil ? 1 : 2
        for index in 0..<count {
            let host = scenario.hosts.map { hosts in
                SimulatedHost(
                    clock: SimulatedClock(
                        setAtMicroseconds: time, driftPPM: hosts.driftPPM[index],
                        aheadMilliseconds: hosts.aheadMilliseconds[index]))
            }
            daemons.append(
                SimulatedDaemon(
                    store: try openStore(), lanes: SimulatedDaemon.lanes(of: endpoints), host: host)
            )
        }
    }

    /// Runs to the end.
    package func run() throws -> SimulationReport {
        setServerFaults(isCalm: scenario.faults.isEmpty)
        schedule()
        while try step() {
            if try isOver() { break }
        }
        try safety.finish(self)
        liveness.finish(self)
        return SimulationReport(self, traceHash: hash.text)
    }

    /// - Returns: false if nothing more can happen.
    private func step() throws -> Bool {
        if let attendance = nextAttendance {
            try setTime(max(time, attendance.atMicroseconds))
            try attend(attendance.daemon)
            return true
        }
        guard let next = agenda.next() else { return false }
        try setTime(max(time, next.atMicroseconds))
        if let daemon = next.event.daemon, isFrozen(daemon), let host = daemons[daemon].host {
            agenda.add(next.event, atMicroseconds: host.frozenUntil)
            return true
        }
        try handle(next.event)
        return true
    }

    private func setTime(_ next: Int64) throws {
        time = next
        uptime.set(next)
        try setServerTime()
    }

    package var isOnFile: Bool { scenario.isOnFile && server == nil }

    /// Whether each start of a daemon opens connections of its own.
    var opensConnections: Bool { isOnFile || server != nil }

    var now: Timestamp { clock.now(atMicroseconds: time) }

    func note(_ line: String) {
        let stamped = "\(time) \(line)"
        hash.add(stamped)
        onEvent?(stamped)
    }

    func add(_ event: Event, afterMicroseconds delay: Int64 = 0) {
        agenda.add(event, atMicroseconds: time + delay)
    }

    func reopenStore() throws -> Store { try openStore() }

    /// The index of the endpoint of the account that an entry is of.
    func endpointIndex(of call: LedgerEntry) -> Int {
        endpoints.firstIndex { $0.name == call.endpoint && $0.account == call.account }!
    }

    /// The index of an endpoint's account in the scenario.
    func accountIndex(of endpoint: Int) -> Int {
        scenario.accounts.firstIndex { $0.account.name == endpoints[endpoint].account }!
    }

    func account(of endpoint: Int) -> SimulatedAccount {
        scenario.accounts[accountIndex(of: endpoint)]
    }

    private func schedule() {
        agenda.add(.start(daemon: 0), atMicroseconds: time)
        if let hosts = scenario.hosts {
            agenda.add(.start(daemon: 1), atMicroseconds: time)
            for (index, step) in hosts.clockSteps.enumerated() {
                agenda.add(.hostClockStep(index), atMicroseconds: step.atMicroseconds)
            }
            for at in hosts.restarts { agenda.add(.restart, atMicroseconds: at) }
        }
        if let span = scenario.secondDaemon {
            agenda.add(.start(daemon: 1), atMicroseconds: span.lowerBound)
            agenda.add(.stop(daemon: 1), atMicroseconds: span.upperBound)
        }
        for (index, submission) in scenario.workload.submissions.enumerated() {
            agenda.add(.submission(index), atMicroseconds: submission.atMicroseconds)
        }
        for (index, cancellation) in scenario.workload.cancellations.enumerated() {
            agenda.add(.cancellation(index), atMicroseconds: cancellation.atMicroseconds)
        }
        for (index, kill) in scenario.kills.enumerated() {
            agenda.add(.kill(index), atMicroseconds: kill.atMicroseconds)
        }
        for (index, step) in scenario.clockSteps.enumerated() {
            agenda.add(.clockStep(index), atMicroseconds: step.atMicroseconds)
        }
        for span in scenario.fullDisk {
            agenda.add(.fullDisk(true), atMicroseconds: span.lowerBound)
            agenda.add(.fullDisk(false), atMicroseconds: span.upperBound)
        }
        agenda.add(.calm, atMicroseconds: scenario.calmAtMicroseconds)
    }

    private func handle(_ event: Event) throws {
        switch event {
        case .submission(let index): try arrive(scenario.workload.submissions[index], index)
        case .cancellation(let index): try cancel(scenario.workload.cancellations[index].label)
        case .wake(let daemon, let start):
            if daemons[daemon].isAlive, daemons[daemon].starts == start { try wake(daemon) }
        case .timer(let lane, let ticket): try timeElapsed(lane, ticket: ticket)
        case .arrives(let call): reachServer(call)
        case .ends(let call): try end(call)
        case .kill(let index): try fallDue(scenario.kills[index])
        case .start(let daemon): try start(daemon)
        case .stop(let daemon): kill(daemon)
        case .clockStep(let index): try step(scenario.clockSteps[index].milliseconds)
        case .fullDisk(let isFull):
            note("full_disk \(isFull)")
            gate.set(isFull ? .diskFull : nil)
        case .resume(let endpoint): resume(endpoint)
        case .calm: try calm()
        case .feed: try feed()
        case .giveUp: liveness.isGivenUp = true
        case .delivery(let event, let lane): try deliver(event, to: lane)
        case .hostClockStep(let index):
            let step = hosts.clockSteps[index]
            note("host_clock \(step.daemon) \(step.milliseconds)")
            daemons[step.daemon].host?.clock.step(byMilliseconds: step.milliseconds)
            wake(step.daemon, afterMicroseconds: LaneMachine.sleepMax.milliseconds * 1_000)
        case .restart:
            note("restart")
            try server?.endSessions()
        }
    }
}

extension SimulatedRun.Event {
    /// Whose process it needs: it waits while the host is frozen. A request on its way does not.
    fileprivate var daemon: Int? {
        switch self {
        case .wake(let daemon, _): daemon
        case .timer(let lane, _), .delivery(_, let lane): lane.daemon
        default: nil
        }
    }
}

/// The answer about one product.
package struct SimulatedAnswer: Equatable, Sendable {
    package var endpoint: String
    package var product: String
    /// Since the run's start.
    package var atMilliseconds: Int64
}
