import Planning
import Testing

/// Every reason to make no call, reached in the shortest way, with the instant that ends it.
struct HoldTests {
    private struct Case {
        var snapshot: Snapshot
        var until: Timestamp?
    }

    /// A switch, so that a new reason does not compile without its case.
    private func shortest(_ hold: Hold) -> Case {
        let now = Timestamp.noon
        func settled(
            _ outcome: LedgerEntry.Outcome, retryAt: Timestamp? = nil
        ) -> Ledger {
            Ledger([
                .settled(
                    5, .images, 0, from: now.after(-900), to: now.after(-100), outcome,
                    retryAt: retryAt)
            ])
        }
        func images(_ ready: [Job] = jobs(100), _ ledger: Ledger = Ledger()) -> Snapshot {
            Snapshot(endpoint: .images, ready: ready, ledger: ledger)
        }
        switch hold {
        case .idle:
            return Case(snapshot: images([]))
        case .notDue:
            var snapshot = images([])
            snapshot.nextDueAt = now.after(1_500)
            return Case(snapshot: snapshot, until: now.after(1_500))
        case .paused:
            var snapshot = images()
            snapshot.isPaused = true
            return Case(snapshot: snapshot)
        case .halted:
            return Case(snapshot: images(jobs(1), settled(.unauthorized)))
        case .calling:
            let open = LedgerEntry.open(5, .images, 7, from: now.after(-1_000))
            return Case(snapshot: images(jobs(1), Ledger([open])), until: now.after(59_000))
        case .rateLimited:
            let ledger = settled(.rateLimited, retryAt: now.after(31_000))
            return Case(snapshot: images(jobs(1), ledger), until: now.after(31_000))
        case .backingOff:
            let ledger = settled(.failed, retryAt: now.after(4_000))
            return Case(snapshot: images(jobs(1), ledger), until: now.after(4_000))
        case .lingering:
            let few = jobs(9, enqueuedAt: now.after(-500))
            return Case(
                snapshot: Snapshot(endpoint: .barcodes, ready: few), until: now.after(1_500))
        case .slidingWindow:
            return Case(
                snapshot: Snapshot(
                    endpoint: .barcodes, ready: jobs(100), ledger: .barcodes(holding: 9, at: now)),
                until: now.after(30_001))
        case .tokenBucket:
            return Case(
                snapshot: images(jobs(100), .images(holding: 90, at: now)),
                until: now.after(10_000))
        case .dailyPool:
            return Case(
                snapshot: images(jobs(100), Ledger().with(poolLeft: 0, at: now)), until: .midnight)
        case .poolShare:
            return Case(
                snapshot: Snapshot(
                    endpoint: .barcodes, ready: jobs(100),
                    ledger: Ledger().with(poolLeft: 1_000, at: now),
                    peers: [PoolPeer(endpoint: .images, waiting: waiting([5: 1_000]))]),
                until: now.after(60_000))
        }
    }

    @Test("every reason to hold is given, with the instant that ends it", arguments: Hold.allCases)
    func everyHold(hold: Hold) {
        let shortest = shortest(hold)
        let decision = Planner.decide(shortest.snapshot, at: .noon)
        #expect(decision == .hold(hold, until: shortest.until))
        guard let until = shortest.until, hold != .calling, hold != .poolShare, hold != .notDue
        else { return }
        #expect(Planner.decide(shortest.snapshot, at: until.after(-1)) == decision)
        #expect(Planner.decide(shortest.snapshot, at: until).called != nil)
    }

    @Test("a call whose lease has run out is settled as lost", arguments: [0, 1, 86_400_000])
    func expires(late: Int) {
        let open = LedgerEntry.open(5, .images, 7, from: .noon)
        let snapshot = Snapshot(endpoint: .images, isPaused: true, ledger: Ledger([open]))
        let lost = Timestamp.noon + .seconds(60)
        #expect(
            Planner.decide(snapshot, at: lost.after(-1)) == .hold(.calling, until: lost))
        #expect(Planner.decide(snapshot, at: lost.after(late)) == .expire(callID: 5))
    }

    @Test("the other lane's open call holds no lane back")
    func otherLaneOpen() {
        let open = LedgerEntry.open(5, .barcodes, 100, from: .noon)
        let snapshot = Snapshot(endpoint: .images, ready: jobs(100), ledger: Ledger([open]))
        #expect(Planner.decide(snapshot, at: .noon).called?.count == 100)
    }

    @Test("a call is sent with its lease and its price")
    func plan() {
        let plan = CallPlan(
            jobs: jobs(20), reservedTokens: 20, leaseUntil: .noon + .seconds(60))
        let snapshot = Snapshot(endpoint: .barcodes, ready: jobs(23))
        #expect(Planner.decide(snapshot, at: .noon) == .call(plan))
    }
}
