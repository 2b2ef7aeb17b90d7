import Planning
import Testing

/// The properties of every decision, over 1,500 random moments of two lanes.
struct SnapshotPropertyTests {
    private let seeds = 1...1_500 as ClosedRange<UInt64>

    private func everyDecision(
        isStanding: Bool, _ check: (RandomMoment, Snapshot, Decision<CallPlan>, Comment) -> Void
    ) {
        for seed in seeds {
            let moment = RandomMoment(seed: seed, isStanding: isStanding)
            for endpoint in RandomMoment.endpoints {
                let snapshot = moment.snapshot(endpoint)
                check(
                    moment, snapshot, Planner.decide(snapshot, at: moment.now),
                    "seed \(seed), \(endpoint.name)")
            }
        }
    }

    @Test("a hold ends later than now")
    func untilIsLater() {
        everyDecision(isStanding: true) { moment, _, decision, comment in
            if let until = decision.until { #expect(until > moment.now, comment) }
        }
    }

    @Test("the moments include calls, expiries and every hold")
    func coverage() {
        var holds: Set<Hold> = []
        var calls = 0
        var expiries = 0
        everyDecision(isStanding: true) { _, _, decision, _ in
            switch decision {
            case .call: calls += 1
            case .expire: expiries += 1
            case .hold(let hold, _): holds.insert(hold)
            }
        }
        #expect(Hold.allCases.filter { !holds.contains($0) }.isEmpty)
        #expect(calls > 150 && expiries > 15)
    }

    @Test("the same snapshot gives the same decision")
    func pure() {
        everyDecision(isStanding: true) { moment, snapshot, decision, comment in
            #expect(Planner.decide(snapshot, at: moment.now) == decision, comment)
        }
    }

    @Test("a call takes ready jobs in their order, at its price, within every limit")
    func calls() {
        everyDecision(isStanding: true) { moment, snapshot, decision, comment in
            guard case .call(let plan) = decision else { return }
            let endpoint = snapshot.endpoint
            let chosen = Set(plan.jobs.map(\.id))
            #expect(!plan.jobs.isEmpty && plan.jobs.count <= endpoint.batchLimit, comment)
            #expect(plan.jobs.allSatisfy { $0.batchLimit >= plan.jobs.count }, comment)
            #expect(plan.jobs == snapshot.ready.filter { chosen.contains($0.id) }, comment)
            #expect(plan.jobs.first == snapshot.ready.first, comment)
            #expect(plan.reservedTokens == endpoint.tariff.cost(of: plan.jobs.count), comment)
            #expect(plan.leaseUntil == moment.now + endpoint.lease, comment)
            let level = endpoint.pools[0].level(moment.ledger, at: moment.now)
            #expect(plan.reservedTokens <= level.tokens, comment)
            for limit in endpoint.limits {
                let room =
                    switch limit {
                    case .slidingWindow(let window):
                        window.available(moment.ledger.calls(at: endpoint.name), at: moment.now)
                    case .tokenBucket(let bucket):
                        bucket.available(
                            fullAt: moment.ledger.fullAt(at: endpoint.name), at: moment.now)
                    }
                #expect(plan.reservedTokens <= room, comment)
            }
        }
    }

    @Test("no lane waits for ever: a lane that nothing stops calls, or has an instant to wait for")
    func noDeadlock() {
        everyDecision(isStanding: false) { moment, snapshot, decision, comment in
            guard !snapshot.ready.isEmpty, let hold = decision.hold else { return }
            let reset = snapshot.endpoint.pools[0].level(moment.ledger, at: moment.now).resetsAt
            let latest: [Hold: Timestamp] = [
                .lingering: moment.now.after(2_000), .tokenBucket: moment.now.after(100_000),
                .slidingWindow: moment.now.after(60_001), .dailyPool: reset, .poolShare: reset,
            ]
            let until = decision.until ?? Timestamp(milliseconds: .max)
            #expect(latest[hold].map { until > moment.now && until <= $0 } ?? false, comment)
        }
    }

    @Test(
        "a lane that decides again at the end of each hold calls within ten holds, and at the latest at the reset"
    )
    func progress() {
        everyDecision(isStanding: false) { moment, snapshot, _, comment in
            guard !snapshot.ready.isEmpty else { return }
            let reset = snapshot.endpoint.pools[0].level(moment.ledger, at: moment.now).resetsAt
            var unchanged = snapshot
            unchanged.nextDueAt = nil
            var now = moment.now
            var decision = Planner.decide(unchanged, at: now)
            var shareLooks = 0
            var otherHolds = 0
            while case .hold(let hold, let until?) = decision, otherHolds < 10, shareLooks < 200 {
                if hold == .poolShare {
                    // A share shrinks slowly: the lane checks it from time to time, and it lapses at the
                    // reset.
                    #expect(until - now > .milliseconds(100) || until >= .midnight, comment)
                    shareLooks += 1
                } else {
                    otherHolds += 1
                }
                now = shareLooks > 100 ? max(until, reset) : until
                decision = Planner.decide(unchanged, at: now)
            }
            #expect(decision.called != nil, comment)
        }
    }
}
