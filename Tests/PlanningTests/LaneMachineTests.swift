import Planning
import Testing

/// What a lane does on each event, in tables.
struct LaneMachineTests {
    private typealias Event = LaneMachine.Event
    private typealias Action = LaneMachine.Action

    private static let call = OpenCall(entry: .open(1, .images, 3, from: .noon), jobs: jobs(3))
    private static let reply = DatedOutcome(answer(jobs(3)), serverAt: .noon)
    private static let ended = LaneMachine.EndedCall(callID: 1, ending: reply, endedAt: .noon)
    private static let lost = LaneMachine.EndedCall(
        callID: 7, ending: DatedOutcome(.expired), endedAt: .noon)
    private static let idle = Event.claimed(.hold(.idle, until: nil))
    private static let longest = Action.sleep(until: .noon.after(30_000))

    /// The actions that follow each of the events, all at noon.
    private func actions(
        _ events: [Event], policy: ClientPolicy = ClientPolicy()
    ) -> [Action?] {
        var machine = LaneMachine(policy)
        return events.map { machine.handle($0, at: .noon) }
    }

    @Test("A lane claims, sends, settles and claims again")
    func round() {
        let events: [Event] = [
            .woken, .claimed(.call(Self.call)), .replied(Self.reply), .settled, Self.idle,
        ]
        #expect(
            actions(events) == [
                .claim, .send(Self.call), .settle(Self.ended), .claim, Self.longest,
            ])
    }

    @Test("A call whose lease ran out is settled as expired, and the lane claims at once")
    func expired() {
        for policy in [ClientPolicy(), ClientPolicy(isOneConnection: true)] {
            let events: [Event] = [.woken, .claimed(.expire(callID: 7)), .settled]
            #expect(actions(events, policy: policy) == [.claim, .settle(Self.lost), .claim])
        }
    }

    @Test(
        "A hold lasts until its instant, at least a millisecond and at most 30 seconds",
        arguments: [
            (nil, 30_000), (-5_000, 1), (0, 1), (1, 1), (700, 700), (29_999, 29_999),
            (30_000, 30_000), (30_001, 30_000), (86_400_000, 30_000),
        ] as [(Int?, Int)])
    func sleeps(until: Int?, expected: Int) {
        let hold = Event.claimed(
            .hold(.tokenBucket, until: until.map { Timestamp.noon.after($0) }))
        #expect(actions([.woken, hold]) == [.claim, .sleep(until: .noon.after(expected))])
    }

    @Test("A sleeping lane claims when it is woken, and when its time has passed")
    func wakes() {
        for event in [Event.woken, .timeElapsed] {
            #expect(actions([.woken, Self.idle, event]) == [.claim, Self.longest, .claim])
        }
    }

    @Test("A wake-up during a claim that ends in a hold makes the lane claim again, once")
    func wokenWhileClaiming() {
        let events: [Event] = [.woken, .woken, .woken, Self.idle, Self.idle]
        #expect(actions(events) == [.claim, nil, nil, .claim, Self.longest])
    }

    @Test("Behind a call of a one-connection client the account's other lanes go first")
    func turn() {
        let events: [Event] = [
            .woken, .claimed(.call(Self.call)), .replied(Self.reply), .settled, .woken,
            .timeElapsed,
        ]
        #expect(
            actions(events, policy: ClientPolicy(isOneConnection: true)) == [
                .claim, .send(Self.call), .settle(Self.ended), .sleep(until: .noon.after(25)), nil,
                .claim,
            ])
    }

    @Test(
        "A failed claim is tried again after 1 s, 2 s … 30 s, and only a stop shortens the wait"
    )
    func claimFails() {
        var machine = LaneMachine(ClientPolicy())
        #expect(machine.handle(.woken, at: .noon) == .claim)
        for failures in 1...35 {
            let failure: StoreFailure = failures.isMultiple(of: 2) ? .temporary : .fullDisk
            #expect(
                machine.handle(.storeFailed(failure), at: .noon)
                    == .retryStore(after: .seconds(min(failures, 30))))
            #expect(machine.storeFailures == failures)
            #expect(machine.handle(.woken, at: .noon) == nil)
            var stopped = machine
            #expect(stopped.handle(.stopRequested, at: .noon) == .finish)
            #expect(machine.handle(.timeElapsed, at: .noon) == .claim)
        }
        _ = machine.handle(Self.idle, at: .noon)
        #expect(machine.storeFailures == 0)
        _ = machine.handle(.woken, at: .noon)
        #expect(
            machine.handle(.storeFailed(.temporary), at: .noon) == .retryStore(after: .seconds(1)))
    }

    @Test("A reply that cannot be settled is kept unchanged, with the instant of its arrival")
    func settlementFails() {
        var machine = LaneMachine(ClientPolicy())
        _ = machine.handle(.woken, at: .noon)
        _ = machine.handle(.claimed(.call(Self.call)), at: .noon)
        #expect(machine.handle(.replied(Self.reply), at: .noon) == .settle(Self.ended))
        for failures in 1...40 {
            let now = Timestamp.noon.after(failures * 60_000)
            #expect(
                machine.handle(.storeFailed(.fullDisk), at: now)
                    == .retryStore(after: .seconds(min(failures, 30))))
            #expect(machine.hasUnsettledCall)
            #expect(machine.handle(.timeElapsed, at: now) == .settle(Self.ended))
        }
        #expect(machine.handle(.settled, at: .midnight) == .claim)
    }

    @Test("While a lane stops, a settlement is tried three times, a tenth of a second apart")
    func settlementFailsWhileStopping() {
        let events: [Event] = [
            .woken, .claimed(.call(Self.call)), .stopRequested, .replied(Self.reply),
            .storeFailed(.fullDisk), .timeElapsed, .storeFailed(.temporary), .timeElapsed,
            .storeFailed(.fullDisk),
        ]
        let pause = Action.retryStore(after: .milliseconds(100))
        #expect(
            actions(events) == [
                .claim, .send(Self.call), nil, .settle(Self.ended), pause, .settle(Self.ended),
                pause, .settle(Self.ended), .finish,
            ])
    }

    @Test(
        "A stop during the wait for a settlement's next try makes it try at once, at least once more"
    )
    func stopWhileSettlementFailed() {
        for failures in 1...5 {
            var events: [Event] = [.woken, .claimed(.call(Self.call)), .replied(Self.reply)]
            for _ in 1..<failures { events += [.storeFailed(.temporary), .timeElapsed] }
            events += [.storeFailed(.temporary), .stopRequested, .storeFailed(.temporary)]
            let last = actions(events).suffix(2)
            let end: Action =
                failures < 2 ? .retryStore(after: .milliseconds(100)) : .finish
            #expect(Array(last) == [.settle(Self.ended), end])
        }
    }

    @Test("A permanent failure ends the lane")
    func permanent() {
        #expect(actions([.woken, .storeFailed(.permanent)]).last == .finish)
        #expect(
            actions([
                .woken, .claimed(.call(Self.call)), .replied(Self.reply), .storeFailed(.permanent),
            ]).last == .finish)
    }

    @Test("A stop ends a waiting lane at once, and one with a call once that is settled")
    func stops() {
        #expect(actions([.woken, Self.idle, .stopRequested]).last == .finish)
        #expect(actions([.woken, .stopRequested, Self.idle]) == [.claim, nil, .finish])
        #expect(
            actions([.woken, .stopRequested, .storeFailed(.temporary)]) == [.claim, nil, .finish])
        let events: [Event] = [
            .woken, .stopRequested, .claimed(.call(Self.call)), .stopRequested,
            .replied(Self.reply), .woken, .settled, .woken,
        ]
        #expect(
            actions(events) == [
                .claim, nil, .send(Self.call), nil, .settle(Self.ended), nil, .finish, nil,
            ])
    }

    /// Whether the lane is halted after a halt and then this.
    private func isHalted(after decision: Decision<OpenCall>) -> Bool {
        var machine = LaneMachine(ClientPolicy())
        for decision in [.hold(.halted, until: nil), decision] {
            _ = machine.handle(.woken, at: .noon)
            _ = machine.handle(.claimed(decision), at: .noon)
        }
        return machine.isHalted
    }

    @Test(
        "A halt lasts until a call, or a hold that the planner checks later",
        arguments: Hold.allCases)
    func halts(hold: Hold) {
        let isUndecided = [.halted, .calling, .paused, .rateLimited].contains(hold)
        #expect(isHalted(after: .hold(hold, until: nil)) == isUndecided)
        #expect(!isHalted(after: .call(Self.call)))
        #expect(isHalted(after: .expire(callID: 7)))
        var machine = LaneMachine(ClientPolicy())
        _ = machine.handle(.woken, at: .noon)
        _ = machine.handle(.claimed(.hold(hold, until: nil)), at: .noon)
        #expect(machine.isHalted == (hold == .halted))
    }
}
