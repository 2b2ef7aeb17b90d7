import Planning
import Testing

/// A hold ends no later than a job becomes due that would change it. Nothing else wakes a lane then: no row
/// changes when a `not_before` is reached.
struct HoldUntilTests {
    private func decide(
        _ endpoint: Endpoint, _ ready: [Job], _ ledger: Ledger = Ledger(), peers: [PoolPeer] = [],
        nextDueIn milliseconds: Int
    ) -> Decision<CallPlan> {
        Planner.decide(
            Snapshot(
                endpoint: endpoint, ready: ready, nextDueAt: .noon.after(milliseconds),
                ledger: ledger, peers: peers),
            at: .noon)
    }

    @Test("the lane of a lingering batch checks again when a job becomes due that may fill it")
    func lingering() throws {
        let decision = decide(.barcodes, jobs(9, enqueuedAt: .noon), nextDueIn: 300)
        #expect(decision.hold == .lingering)
        #expect(try #require(decision.until) <= .noon.after(300))
    }

    @Test(
        "the lane of a batch that waits for the bucket checks again when an urgent job may be due")
    func tokenBucket() throws {
        let decision = decide(
            .images, jobs(100), .images(holding: 5, at: .noon), nextDueIn: 300)
        #expect(decision.hold == .tokenBucket)
        #expect(try #require(decision.until) <= .noon.after(300))
    }

    @Test("a lane that keeps another's share checks again when a more urgent job may be due")
    func poolShare() throws {
        let decision = decide(
            .barcodes, jobs(100), Ledger().with(poolLeft: 20_000, at: .noon),
            peers: [PoolPeer(endpoint: .images, waiting: waiting([5: 40_000]))], nextDueIn: 300)
        #expect(decision.hold == .poolShare)
        #expect(try #require(decision.until) <= .noon.after(300))
    }

    @Test("a due time after the end of the hold does not change it")
    func later() {
        let decision = decide(.barcodes, jobs(9, enqueuedAt: .noon), nextDueIn: 900_000)
        #expect(decision == .hold(.lingering, until: .noon.after(2_000)))
    }
}
