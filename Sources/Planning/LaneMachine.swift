/// A lane as a state machine: claim, send, settle, and how long it waits in between.
///
/// The daemon's lane, the simulated lane and the model check are shells around it: they perform its actions,
/// and report the result of each as the next event. This value is the lane's only memory. The only part that
/// a crash can lose is a reply that is not settled yet.
package struct LaneMachine: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        /// Something has changed that the lane may wait for: a commit of another program, a settlement.
        case woken
        /// The time of the last `sleep` or `retryStore` has passed.
        case timeElapsed
        case claimed(Decision<OpenCall>)
        /// The call has ended, with a reply or without.
        case replied(DatedOutcome)
        case settled
        /// The claim or the settlement was not written.
        case storeFailed(StoreFailure)
        /// The lane is to end. A call in flight is finished and settled first.
        case stopRequested
    }

    package enum Action: Hashable, Sendable {
        case claim
        case send(OpenCall)
        case settle(EndedCall)
        /// Sleep until then, or until the next event.
        case sleep(until: Timestamp)
        /// The same before the transaction is tried again.
        case retryStore(after: Duration)
        case finish
    }

    /// A call that has ended. Its settlement has that instant, however late it is written.
    package struct EndedCall: Hashable, Sendable {
        package var callID: Int64
        package var ending: DatedOutcome
        package var endedAt: Timestamp

        package init(callID: Int64, ending: DatedOutcome, endedAt: Timestamp) {
            self.callID = callID
            self.ending = ending
            self.endedAt = endedAt
        }
    }

    /// The comments list the states that may follow.
    private enum State: Hashable {
        /// -> claiming, finished
        case sleeping
        /// The account's other lanes go first.
        /// -> claiming, finished
        case yielding
        /// `isWoken`: something changed that this claim may not have seen.
        /// -> claiming, sleeping, calling, settling, claimFailed, finished
        case claiming(StoreRetry, isWoken: Bool)
        /// -> claiming, finished
        case claimFailed(StoreRetry)
        /// -> settling
        case calling(callID: Int64)
        /// -> claiming, yielding, settleFailed, finished
        case settling(EndedCall, StoreRetry)
        /// -> settling
        case settleFailed(EndedCall, StoreRetry)
        /// -> none
        case finished
    }

    /// The longest sleep, so that the lane notices a step of the wall clock.
    package static let sleepMax = Duration.seconds(30)
    /// How long a lane of a client with one connection lets the account's other lanes go first after its own
    /// call: longer than they take to wake and claim (10 ms), and short compared with a call.
    package static let turn = Duration.milliseconds(25)

    private let turn: Duration
    private let sleepMax: Duration
    private var state = State.sleeping
    /// Whether the lane is to end once nothing of it is unsettled.
    package private(set) var isStopping = false
    /// Whether the provider refused the lane's calls, so that it makes none until a person resumes it. A
    /// shell logs the changes.
    package private(set) var isHalted = false

    /// - Parameter sleepMax: The longest sleep. If the clock cannot be set behind the lane's back, a longer
    ///   sleep gives the same results.
    package init(_ policy: ClientPolicy, sleepMax: Duration = Self.sleepMax) {
        turn = policy.isOneConnection ? Self.turn : .zero
        self.sleepMax = sleepMax
    }

    /// - Returns: What the shell does next; nil: it continues with what it does, or waits.
    package mutating func handle(_ event: Event, at now: Timestamp) -> Action? {
        switch event {
        case .woken: woken()
        case .timeElapsed: timeElapsed()
        case .claimed(let decision): claimed(decision, at: now)
        case .replied(let ending): replied(ending, at: now)
        case .settled: settled(at: now)
        case .storeFailed(let failure): storeFailed(failure)
        case .stopRequested: stopRequested()
        }
    }
}

extension LaneMachine {
    /// When a lane that holds checks again by itself; nil: when something changes.
    package static func nextLook(holdingUntil until: Timestamp?, at now: Timestamp) -> Timestamp? {
        until.map { max($0, now + .milliseconds(1)) }
    }

    /// Whether a call is in flight, or has ended and is not settled.
    package var hasUnsettledCall: Bool {
        switch state {
        case .calling, .settling, .settleFailed: true
        case .sleeping, .yielding, .claiming, .claimFailed, .finished: false
        }
    }

    /// Tries of the present transaction that failed.
    package var storeFailures: Int {
        switch state {
        case .claiming(let retry, _), .claimFailed(let retry), .settling(_, let retry),
            .settleFailed(_, let retry):
            retry.failures
        case .sleeping, .yielding, .calling, .finished: 0
        }
    }

    private mutating func claim(_ retry: StoreRetry = StoreRetry()) -> Action {
        state = .claiming(retry, isWoken: false)
        return .claim
    }

    private mutating func finish() -> Action {
        state = .finished
        return .finish
    }

    private mutating func woken() -> Action? {
        switch state {
        case .sleeping: return claim()
        case .claiming(let retry, _): state = .claiming(retry, isWoken: true)
        // A claim follows, which sees what has changed.
        case .yielding, .claimFailed, .calling, .settling, .settleFailed: break
        case .finished: break
        }
        return nil
    }

    private mutating func timeElapsed() -> Action? {
        switch state {
        case .sleeping, .yielding: return claim()
        case .claimFailed(let retry): return claim(retry)
        case .settleFailed(let ended, let retry):
            state = .settling(ended, retry)
            return .settle(ended)
        // The sleep ended early, and its time has passed since.
        case .claiming, .calling, .settling, .finished: return nil
        }
    }

    private mutating func claimed(_ decision: Decision<OpenCall>, at now: Timestamp) -> Action {
        guard case .claiming(_, let isWoken) = state else { unexpected() }
        switch decision {
        case .call(let call):
            isHalted = false
            state = .calling(callID: call.entry.id)
            return .send(call)
        case .expire(let callID):
            return settle(
                EndedCall(callID: callID, ending: DatedOutcome(.expired), endedAt: now))
        case .hold(let hold, let until):
            if isStopping { return finish() }
            isHalted = hold.isHalted ?? isHalted
            if isWoken { return claim() }
            state = .sleeping
            let latest = now + sleepMax
            return .sleep(
                until: min(Self.nextLook(holdingUntil: until, at: now) ?? latest, latest))
        }
    }

    private mutating func replied(_ ending: DatedOutcome, at now: Timestamp) -> Action {
        guard case .calling(let callID) = state else { unexpected() }
        return settle(EndedCall(callID: callID, ending: ending, endedAt: now))
    }

    private mutating func settle(_ ended: EndedCall) -> Action {
        state = .settling(ended, StoreRetry())
        return .settle(ended)
    }

    private mutating func settled(at now: Timestamp) -> Action {
        guard case .settling(let ended, _) = state else { unexpected() }
        if isStopping { return finish() }
        guard turn > .zero, ended.ending.outcome != .expired else { return claim() }
        state = .yielding
        return .sleep(until: now + turn)
    }

    private mutating func storeFailed(_ failure: StoreFailure) -> Action {
        switch state {
        case .claiming(var retry, _):
            // Nothing is unsettled.
            guard !isStopping, let pause = retry.pause(after: failure) else { return finish() }
            state = .claimFailed(retry)
            return .retryStore(after: pause)
        case .settling(let ended, var retry):
            guard let pause = retry.pause(after: failure, isStopping: isStopping) else {
                return finish()
            }
            state = .settleFailed(ended, retry)
            return .retryStore(after: pause)
        case .sleeping, .yielding, .claimFailed, .calling, .settleFailed, .finished: unexpected()
        }
    }

    private mutating func stopRequested() -> Action? {
        isStopping = true
        switch state {
        case .sleeping, .yielding, .claimFailed: return finish()
        case .settleFailed(let ended, let retry):
            state = .settling(ended, retry)
            return .settle(ended)
        case .claiming, .calling, .settling, .finished: return nil
        }
    }

    private func unexpected(_ function: StaticString = #function) -> Never {
        preconditionFailure("\(function) while \(state)")
    }
}

extension Hold {
    /// Whether a lane that holds for this reason is halted; nil: unknown, because the planner checks this
    /// reason first.
    fileprivate var isHalted: Bool? {
        switch self {
        case .halted: true
        case .calling, .paused, .rateLimited: nil
        case .idle, .notDue, .backingOff, .lingering, .slidingWindow, .tokenBucket, .dailyPool,
            .poolShare:
            false
        }
    }
}
