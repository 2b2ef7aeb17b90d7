internal import Logging
internal import Planning
internal import Providers
internal import Storage

/// One endpoint's loop: claim, call, settle. It knows nothing between two rounds that is not in the
/// store.
struct Lane: Sendable {
    let endpoint: Endpoint
    let subscription: Subscription
    let store: Store
    let database: DatabaseThread
    let lock: DaemonLock
    let transport: HTTPTransport
    let control: LaneControl
    let report: ServiceReport
    let logger: Logger

    /// The longest that a lane sleeps, so that a step of the wall clock is noticed.
    static let longestSleep = Duration.seconds(30)
    /// How long a lane lets the others of the same client go first after a call of its own: more than
    /// it takes them to wake and claim (10 ms), and little beside a call.
    private static let turn = Duration.milliseconds(25)

    private var provider: ProviderAccount { subscription.provider }
    private var key: APIKey { subscription.key }

    /// Returns once the daemon is stopping, or, where it is to run until the queue is empty, when
    /// nothing is left that this lane could ever do.
    /// - Throws: A `StoreError` that waiting does not mend.
    func run() async throws {
        defer { report.leave(endpoint) }
        var isHalted = false
        while !control.isOver {
            report.noteTransaction(of: endpoint)
            switch try await persistently("claim", claim) {
            case .call(let call):
                report.note(.calling(products: call.jobs.count), of: endpoint)
                control.callBegan()
                try await make(call)
                if endpoint.clientPolicy.isOneConnection { await control.pause(Self.turn) }
            case .expire(let callID): _ = try await settle(callID, DatedOutcome(.expired))
            case .hold(let hold, let until):
                logger.debug("hold", metadata: ["reason": "\(hold.rawValue)"])
                report.note(.holding(hold, until: until), of: endpoint)
                if hold == .halted && !isHalted {
                    logger.error("halted", metadata: ["try": "asinqd status"])
                }
                isHalted = hold == .halted
                if control.isDone(holding: hold) { return }
                let now = WallClock.now()
                await control.bell.wait(
                    atMost: min(
                        until.map { max($0 - now, .milliseconds(1)) } ?? Self.longestSleep,
                        Self.longestSleep, control.longestWait))
            case nil: return
            }
        }
    }

    private func claim() throws -> Decision<OpenCall> {
        let now = WallClock.now()
        return try store.claim(endpoint, among: provider.endpoints, at: now) {
            // Within the transaction: what another daemon does, which could begin after this look, it
            // does after this claim.
            try lock.requireValid(for: store)
            // The claim may have waited for a lock, and the daemon been told to stop meanwhile.
            return control.isStopping ? .hold(.idle, until: nil) : Planner.decide($0, at: now)
        }
    }

    private func make(_ call: OpenCall) async throws {
        let products = call.jobs.map(\.product)
        let request = provider.request(endpoint.name, call.jobs, key.secret)
        let reply = await transport.send(request, timeout: endpoint.timeout)
        report.noteTransaction(of: endpoint)
        let ending =
            switch reply {
            case .success(let reply): provider.outcome(reply, endpoint.name, products, key.secret)
            case .failure(let failure): DatedOutcome(failure.outcome)
            }
        let isSettled = try await settle(call.entry.id, ending)
        let isAnswered = if case .succeeded = ending.outcome { isSettled } else { false }
        control.callEnded(isAnswered: isAnswered)
    }

    /// - Returns: Whether it could be written.
    private func settle(_ callID: Int64, _ ending: DatedOutcome) async throws -> Bool {
        let now = WallClock.now()
        let written = try await persistently("settle") { () -> (CallSummary?, refusals: [String]) in
            var summary: CallSummary?
            var refusals: [String] = []
            try store.requireUnmixed()
            _ = try store.settle(
                callID, at: endpoint, among: provider.endpoints, now: now,
                refused: { refusals.append($0) }
            ) { call, jobs, ledger in
                let settlement = Planner.resolve(
                    ending, of: call, jobs: jobs, endpoint: endpoint, ledger: ledger, at: now)
                summary = CallSummary(call, jobs, settlement, endpoint, ledger, at: now)
                return settlement
            }
            return (summary, refusals)
        }
        written?.0?.log(to: logger)
        for reason in written?.refusals ?? [] {
            logger.error("not_written", metadata: ["call": "\(callID)", "reason": "\(reason)"])
        }
        control.callSettled()
        return written?.0 != nil
    }

    /// Does `work` on the store, again and again while it fails in a way that may pass: somebody
    /// holds the lock, the disk is full. A reply that is paid for is not dropped for that.
    /// - Returns: nil if the daemon is stopping, or has given up, and it still fails.
    private func persistently<Value: Sendable>(
        _ what: String, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value? {
        var attempts = 0
        while true {
            do {
                let value = try await database.run(work)
                if attempts > 0 { logger.notice("store_recovered", metadata: ["work": "\(what)"]) }
                return value
            } catch let error as StoreError {
                guard error.mayPass else { throw error }
                // A restart would not mend that. A lock may be this process's own.
                if case .full = error { report.note(.waitingForRoom, of: endpoint) }
                attempts += 1
                logger.error("store_failed", metadata: ["work": "\(what)", "error": "\(error)"])
                if attempts >= 3 && control.isTooLate { return nil }
                await control.pause(Patience.pause(attempts))
            }
        }
    }
}
