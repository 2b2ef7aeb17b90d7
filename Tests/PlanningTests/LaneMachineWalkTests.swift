import Planning
import Testing

/// Every order of events that a shell can report, up to a depth.
struct LaneMachineWalkTests {
    private static let call = OpenCall(entry: .open(1, .images, 3, from: .noon), jobs: jobs(3))
    private static let reply = DatedOutcome(answer(jobs(3)))

    /// A machine, and a shell that performs its actions and records them.
    private struct Walk: Hashable {
        var machine: LaneMachine
        /// The shell's current action.
        var action: LaneMachine.Action
        /// The call that is open in the ledger, and its ending once it has come.
        var openCall: Int64?
        var ending: DatedOutcome?
        var isStopping = false
        /// Whether something changed and no claim has begun since.
        var isLookOwed = false
        /// Tries of the settlement that failed.
        var failures = 0
        var hasFailedForGood = false

        init(_ policy: ClientPolicy) {
            machine = LaneMachine(policy)
            action = machine.handle(.woken, at: .noon)!
        }

        var isFinished: Bool { action == .finish }

        /// What can happen next.
        var events: [LaneMachine.Event] {
            let failed = [StoreFailure.temporary, .fullDisk, .permanent].map {
                LaneMachine.Event.storeFailed($0)
            }
            let signals: [LaneMachine.Event] = [.woken, .stopRequested]
            switch action {
            case .claim:
                return signals + failed
                    + [
                        .claimed(.call(call)), .claimed(.expire(callID: 2)),
                        .claimed(.hold(.idle, until: nil)),
                        .claimed(.hold(.halted, until: nil)),
                        .claimed(.hold(.slidingWindow, until: .noon.after(9_000))),
                    ]
            case .send: return signals + [.replied(reply)]
            case .settle: return signals + failed + [.settled]
            case .sleep, .retryStore: return signals + [.timeElapsed]
            case .finish: return [.woken, .stopRequested]
            }
        }

        mutating func pass(_ event: LaneMachine.Event) {
            let before = self
            switch event {
            case .woken: isLookOwed = true
            case .stopRequested: isStopping = true
            case .claimed(.call): openCall = 1
            case .claimed(.expire):
                openCall = 2
                ending = DatedOutcome(.expired)
            case .replied(let reply): ending = reply
            case .settled: (openCall, ending, failures) = (nil, nil, 0)
            case .storeFailed(let failure):
                if case .settle = action { failures += 1 }
                hasFailedForGood = failure == .permanent
            case .claimed(.hold), .timeElapsed: break
            }
            if let next = machine.handle(event, at: .noon) { action = next } else { return }
            #expect(!before.isFinished, "a lane that has ended does nothing")
            switch action {
            case .claim:
                #expect(openCall == nil && !isStopping)
                isLookOwed = false
            case .send: #expect(before.openCall == nil && openCall == 1)
            case .settle(let ended):
                #expect(ended.callID == openCall && ended.ending == ending)
            case .sleep(let until):
                #expect(until > .noon && until <= .noon + LaneMachine.sleepMax)
                #expect(!isStopping && openCall == nil)
                let isTurn = before.openCall == 1
                #expect(!isLookOwed || isTurn, "a wake-up is forgotten")
            case .retryStore(let pause): #expect(pause > .zero && pause <= StoreRetry.pauseMax)
            case .finish:
                #expect(isStopping || hasFailedForGood)
                let isGivenUp = failures >= StoreRetry.triesWhileStopping || hasFailedForGood
                #expect(openCall == nil || isGivenUp, "a reply is dropped")
            }
            #expect(machine.hasUnsettledCall == (openCall != nil && !isFinished))
        }
    }

    @Test(
        "There are never two open calls, no reply is dropped, no wake-up forgotten, and no end comes before all is settled",
        arguments: [false, true])
    func everyOrder(isOneConnection: Bool) {
        var frontier = [Walk(ClientPolicy(isOneConnection: isOneConnection))]
        var seen = Set(frontier)
        for _ in 1...12 {
            var next: [Walk] = []
            for walk in frontier {
                for event in walk.events {
                    var after = walk
                    after.pass(event)
                    if seen.insert(after).inserted { next.append(after) }
                }
            }
            frontier = next
        }
        #expect(seen.count > 250)
        #expect(seen.contains { $0.isFinished && $0.openCall == nil })
        #expect(seen.contains { $0.isFinished && $0.openCall != nil })
    }

    @Test("Any lane ends once it is told to stop and the event it waits for has come")
    func everyStop() {
        var frontier = [Walk(ClientPolicy(isOneConnection: true))]
        for _ in 1...5 {
            frontier = Array(
                Set(
                    frontier.flatMap { walk in
                        walk.events.map { event in
                            var after = walk
                            after.pass(event)
                            return after
                        }
                    }))
            for var walk in frontier {
                walk.pass(.stopRequested)
                var steps = 0
                while !walk.isFinished && steps < 9 {
                    steps += 1
                    switch walk.action {
                    case .claim: walk.pass(.claimed(.hold(.idle, until: nil)))
                    case .send: walk.pass(.replied(Self.reply))
                    case .settle: walk.pass(.settled)
                    case .sleep, .retryStore, .finish: walk.pass(.timeElapsed)
                    }
                }
                #expect(walk.isFinished && walk.openCall == nil || walk.failures > 0)
            }
        }
    }
}
