internal import Logging
internal import Planning
internal import Providers
internal import Storage

/// The daemon's shell around a `LaneMachine`: it performs the machine's actions on the store and the network,
/// and makes no decisions.
struct Lane: Sendable {
    private let id: LaneID
    private let endpoint: Endpoint
    private let account: Account
    private let group: LaneGroup
    private let signal: WakeSignal
    private let logger: Logger

    private var provider: ProviderAccount { account.provider }
    private var key: APIKey { account.key }
    private var clock: DaemonClock { group.clock }
    private var report: ServiceReport { group.report }

    init(_ id: LaneID, _ endpoint: Endpoint, _ account: Account, _ group: LaneGroup) {
        self.id = id
        self.endpoint = endpoint
        self.account = account
        self.group = group
        signal = group.signals[id]
        var logger = group.settings.logger
        logger[metadataKey: "endpoint"] = "\(endpoint.name)"
        if id.account != endpoint.provider { logger[metadataKey: "account"] = "\(id.account)" }
        if id.slot > 0 { logger[metadataKey: "slot"] = "\(id.slot)" }
        self.logger = logger
    }

    /// Returns once the lane has ended; a failure is a permanent `StoreError`.
    func run() async -> Result<Void, any Error> {
        defer { report.leave(id) }
        do {
            try await loop()
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private func loop() async throws {
        var machine = LaneMachine(endpoint.clientPolicy)
        var standing = StandingTimer()
        var timer = clock.instant()
        var claimedAt = timer
        var hold: Hold?
        var action = machine.handle(.woken, at: clock.now())
        while action != .finish {
            let event: LaneMachine.Event
            switch action {
            case .claim:
                claimedAt = clock.instant()
                event = try await claim(machine.storeFailures)
                if case .claimed(let decision) = event { hold = note(decision) }
            case .send(let call): event = .replied(await send(call, claimedAt))
            case .settle(let ended): event = try await settle(ended, machine.storeFailures)
            case .sleep(let until):
                if try await addsDueProducts(&standing, hold) {
                    event = .woken
                } else {
                    timer = clock.instant() + (standing.wake(before: until, hold) - clock.now())
                    group.signals.sleeps(id, holding: hold)
                    event = await signal.next(until: timer, clock)
                }
            case .retryStore(let pause):
                timer = clock.instant() + pause
                event = await signal.next(until: timer, clock)
            case nil: event = await signal.next(until: timer, clock)
            case .finish: return
            }
            let wasHalted = machine.isHalted
            action = machine.handle(event, after: signal, at: clock.now())
            if machine.isHalted != wasHalted { noteHalt(machine.isHalted) }
        }
    }

    private func claim(_ failures: Int) async throws -> LaneMachine.Event {
        if failures == 0 { report.noteTransaction(of: id) }
        group.signals.claims(id)
        let now = clock.now()
        let claimed = try await transaction("claim", failures) {
            try group.store.claim(endpoint, slot: id.slot, among: provider.endpoints, at: now) {
                // This runs within the transaction: another daemon that starts after this check acts after
                // this claim.
                try group.lock.requireValid(for: group.store)
                // The claim may have waited for a lock, and the daemon may have been told to stop meanwhile.
                return signal.isStopping ? .hold(.idle, until: nil) : Planner.decide($0, at: $1)
            }
        }
        switch claimed {
        case .success(let decision): return .claimed(decision)
        case .failure(let failure): return .storeFailed(failure)
        }
    }

    /// - Parameter claimedAt: When the claim began.
    private func send(_ call: OpenCall, _ claimedAt: ContinuousClock.Instant) async -> DatedOutcome
    {
        group.giveUp?.callBegan(at: id)
        // This process was stopped since the claim, or the machine slept. If the reply came after the call's lease,
        // another host would have settled it as lost and repeated it.
        if clock.instant() - claimedAt > endpoint.sendsWithin {
            logger.warning("sent_too_late", metadata: ["call": "\(call.entry.id)"])
            return DatedOutcome(.unsent(.connectionFailed))
        }
        let request = provider.request(endpoint.name, call.jobs, key.secret)
        let reply = await group.transport.send(request, timeout: endpoint.timeout)
        report.noteTransaction(of: id)
        return switch reply {
        case .success(let reply):
            provider.outcome(reply, endpoint.name, call.jobs.map(\.product), key.secret)
        case .failure(let failure): DatedOutcome(failure.outcome)
        }
    }

    private func settle(
        _ ended: LaneMachine.EndedCall, _ failures: Int
    ) async throws -> LaneMachine.Event {
        let written = try await transaction("settle", failures) {
            var summary: CallSummary?
            var refusals: [String] = []
            try group.store.requireUnmixed()
            _ = try group.store.settle(
                ended.callID, at: endpoint, among: provider.endpoints, now: ended.endedAt,
                refused: { refusals.append($0) }
            ) { call, jobs, ledger, endedAt in
                let settlement = Planner.resolve(
                    ended.ending, of: call, jobs: jobs, endpoint: endpoint, ledger: ledger,
                    at: endedAt)
                summary = CallSummary(call, jobs, settlement, endpoint, ledger, at: endedAt)
                return settlement
            }
            // Another daemon has settled it as lost.
            var late = 0
            if summary == nil, case .succeeded(let answer) = ended.ending.outcome {
                late = try group.store.storeLate(
                    answer.items, ofCall: ended.callID, at: endpoint, now: ended.endedAt)
            }
            return (summary, refusals, late)
        }
        switch written {
        case .failure(let failure):
            noteEnd(isAnswered: false)
            return .storeFailed(failure)
        case .success(let (summary, refusals, late)):
            summary?.log(to: logger)
            if summary == nil {
                logger.warning(
                    "settled_before",
                    metadata: ["call": "\(ended.callID)", "late_results": "\(late)"])
            }
            for reason in refusals {
                logger.error(
                    "not_written", metadata: ["call": "\(ended.callID)", "reason": "\(reason)"])
            }
            let isAnswered = if case .succeeded = ended.ending.outcome { true } else { false }
            noteEnd(isAnswered: isAnswered && summary != nil)
            // The settlement may have freed tokens or added jobs that other lanes wait for.
            group.signals.wakeAll()
            return .settled
        }
    }

    /// Before the lane sleeps: enqueues products of schedules that are due, if it has nothing else to do.
    /// - Returns: Whether there is a job to claim now.
    private func addsDueProducts(_ standing: inout StandingTimer, _ hold: Hold?) async throws
        -> Bool
    {
        let now = clock.now()
        guard group.worksSchedules, !signal.isStopping, standing.looks(hold, at: now) else {
            return false
        }
        let looked = try await transaction("schedule", 0) {
            try group.lock.requireValid(for: group.store)
            return try group.store.enqueueDue(
                at: endpoint, among: provider.endpoints,
                naming: group.settings.accounts.map(\.provider).payer(of: provider), now: now
            ) { Planner.standingRoom($0, at: now) }
        }
        // After a failure the next look is a little later; the products stay due.
        let look = (try? looked.get()) ?? StandingLook()
        standing.looked(added: look.added, nextAt: look.nextAt, at: now)
        guard look.added > 0 else { return false }
        logger.info("due_enqueued", metadata: ["jobs": "\(look.added)"])
        group.signals.wakeAll()
        return true
    }

    /// Runs a transaction of the store; the machine retries temporary failures.
    private func transaction<Value: Sendable>(
        _ work: String, _ failures: Int, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Result<Value, StoreFailure> {
        do {
            let value = try await group.database.run(body)
            if failures > 0 { logger.notice("store_recovered", metadata: ["work": "\(work)"]) }
            return .success(value)
        } catch let error as StoreError where error.failure != .permanent {
            // A restart would not help. This process itself may hold the lock.
            if error.failure == .fullDisk { report.note(.waitingForSpace, of: id) }
            logger.error("store_failed", metadata: ["work": "\(work)", "error": "\(error)"])
            return .failure(error.failure)
        }
    }

    /// - Returns: Why the lane holds.
    private func note(_ decision: Decision<OpenCall>) -> Hold? {
        switch decision {
        case .call(let call): report.note(.calling(products: call.jobs.count), of: id)
        case .expire: break
        case .hold(let hold, let until):
            logger.debug("hold", metadata: ["reason": "\(hold.rawValue)"])
            report.note(.holding(hold, until: until), of: id)
            return hold
        }
        return nil
    }

    private func noteHalt(_ isHalted: Bool) {
        if isHalted {
            logger.error("halted", metadata: ["try": "run asinqd status"])
        } else {
            logger.notice("resumed")
        }
    }

    private func noteEnd(isAnswered: Bool) {
        guard let giveUp = group.giveUp else { return }
        if giveUp.callEnded(at: id, isAnswered: isAnswered) { group.signals.stopAll() }
    }
}

extension LaneMachine {
    /// Handles the signals that came while the shell was busy, then the event of its own action.
    fileprivate mutating func handle(
        _ event: Event, after signal: WakeSignal, at now: Timestamp
    ) -> Action? {
        guard !event.isSignal else { return handle(event, at: now) }
        while let earlier = signal.take() { _ = handle(earlier, at: now) }
        return handle(event, at: now)
    }
}

extension LaneMachine.Event {
    /// Whether it comes from a signal, while the machine waits.
    fileprivate var isSignal: Bool {
        switch self {
        case .woken, .timeElapsed, .stopRequested: true
        case .claimed, .replied, .settled, .storeFailed: false
        }
    }
}
