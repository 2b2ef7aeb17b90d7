import Planning
import Testing

/// The slower endpoint's part of the pool is reserved for it.
struct PoolShareTests {
    private func decide(
        _ endpoint: Endpoint = .barcodes, _ ready: [Job] = jobs(100), left: Int,
        _ peer: PoolPeer, _ ledger: Ledger = Ledger(), at now: Timestamp = .noon
    ) -> Decision<CallPlan> {
        Planner.decide(
            Snapshot(
                endpoint: endpoint, ready: ready, ledger: ledger.with(poolLeft: left, at: now),
                peers: [peer]),
            at: now)
    }

    private func images(_ counts: [Int: Int]) -> PoolPeer {
        PoolPeer(endpoint: .images, waiting: waiting(counts))
    }

    @Test(
        "barcodes leave a token for each waiting images job",
        arguments: [
            (1_000, 0, 100), (1_000, 890, 100), (1_000, 900, 100), (1_000, 901, 90),
            (1_000, 985, 10), (1_000, 990, 10), (1_000, 991, 0), (1_000, 5_000, 0), (9, 0, 0),
        ])
    func perJob(left: Int, waiting: Int, called: Int) {
        let decision = decide(left: left, images([5: waiting]))
        #expect(decision.called?.count ?? 0 == called)
        if called == 0 { #expect(decision.hold == (left < 10 ? .dailyPool : .poolShare)) }
    }

    @Test(
        "no more is reserved than images can still spend: the bucket and its refill until the reset"
    )
    func capacity() {
        let now = Timestamp.midnight.after(-600_000)
        for (left, called) in [(720, 0), (729, 0), (730, 10), (815, 90), (820, 100)] {
            #expect(decide(left: left, images([5: 5_000]), at: now).called?.count ?? 0 == called)
        }
        let empty = Ledger.images(holding: 0, at: now)
        for (left, called) in [(600, 0), (609, 0), (610, 10)] {
            let decision = decide(left: left, images([5: 5_000]), empty, at: now)
            #expect(decision.called?.count ?? 0 == called)
        }
    }

    @Test("images wait for no job of the same priority: they are the slower ones")
    func slowerKeepsNothing() {
        let barcodes = PoolPeer(endpoint: .barcodes, waiting: waiting([5: 5_000]))
        #expect(decide(.images, left: 50, barcodes).called?.count == 50)
    }

    @Test(
        "less than the price of a call of the other endpoint is not reserved for it",
        arguments: [(9, 9), (1, 1), (10, 0), (19, 0), (500, 0)])
    func ofNoUse(left: Int, called: Int) {
        let barcodes = PoolPeer(endpoint: .barcodes, waiting: waiting([0: 5_000]))
        #expect(decide(.images, left: left, barcodes).called?.count ?? 0 == called)
    }

    @Test("at the same or a more urgent priority images go first; less urgent ones do not")
    func priorities() {
        for own in 1...9 {
            for other in 0...9 {
                let decision = decide(
                    .barcodes, jobs(100, priority: own), left: 100, images([other: 500]))
                #expect((decision.called == nil) == (other <= own), "\(own) against \(other)")
            }
        }
    }

    @Test("images let strictly more urgent barcodes go first, and pay their tens")
    func urgentBarcodes() {
        for own in 1...9 {
            for other in 0...9 {
                let barcodes = PoolPeer(endpoint: .barcodes, waiting: waiting([other: 11]))
                let called = decide(.images, jobs(100, priority: own), left: 50, barcodes).called
                #expect(called?.count == (other < own ? 30 : 50), "\(own) against \(other)")
            }
        }
    }

    @Test("a peer that is paused or halted has no share")
    func standing() {
        var paused = images([5: 5_000])
        paused.isPaused = true
        #expect(decide(left: 1_000, paused).called?.count == 100)
        let refused = Ledger([
            .settled(7, .images, 0, from: .noon.after(-900), to: .noon.after(-800), .unauthorized)
        ])
        #expect(decide(left: 1_000, images([5: 5_000]), refused).called?.count == 100)
        var resumed = images([5: 5_000])
        resumed.resumedAfter = 7
        #expect(decide(left: 1_000, resumed, refused).hold == .poolShare)
    }

    @Test("a peer that backs off or waits for its bucket keeps its share")
    func delayed() {
        let failed = Ledger([
            .settled(
                7, .images, 0, from: .noon.after(-900), to: .noon.after(-800), .failed,
                retryAt: .noon.after(300_000))
        ])
        #expect(decide(left: 1_000, images([5: 5_000]), failed).hold == .poolShare)
    }

    @Test("the lane checks every minute, and more often towards the reset")
    func looksAgain() {
        for (before, pause) in [
            (36_000_000, 60_000), (600_000, 30_000), (5_000, 1_000), (500, 500),
        ] {
            let now = Timestamp.midnight.after(-before)
            let decision = decide(left: 100, images([5: 50_000]), at: now)
            #expect(decision == .hold(.poolShare, until: now.after(pause)))
        }
    }

    @Test("tokens that the peer can no longer use before the reset are spent by then")
    func spentBeforeReset() throws {
        var now = Timestamp.midnight.after(-600_000)
        var left = 720
        while left > 120 {
            let decision = decide(left: left, images([5: 5_000]), at: now)
            left -= decision.called?.count ?? 0
            now = decision.until ?? now.after(100)
            try #require(now < .midnight)
        }
    }

    @Test("a ten that is paid for includes jobs that the share would otherwise hold back")
    func riders() {
        let ready = jobs(3, priority: 1) + jobs(50, from: 4, priority: 5)
        let called = decide(.barcodes, ready, left: 1_000, images([5: 5_000])).called
        #expect(called?.count == 10)
    }

    @Test(
        "a peer whose window is overdrawn, as after its limit was lowered, adds nothing to the pool"
    )
    func overdrawnPeer() {
        let now = Timestamp.midnight.after(-1_000)
        let spent = Ledger(
            (1...10).map { id in
                .settled(id, .barcodes, 100, from: now.after(-9_000), to: now.after(-8_000))
            })
        let urgent = PoolPeer(endpoint: .barcodes, waiting: waiting([0: 50]))
        #expect(
            decide(.images, left: 0, urgent, spent, at: now) == .hold(.dailyPool, until: .midnight))
        #expect(decide(.images, left: 7, urgent, spent, at: now).called?.count == 7)
    }

    @Test("of two endpoints that are equally slow, one yields and the other does not")
    func equallySlow() {
        var twin = Endpoint.images
        twin.name = "twin"
        let first = decide(
            .images, left: 50, PoolPeer(endpoint: twin, waiting: waiting([5: 500])))
        let second = decide(twin, left: 50, PoolPeer(endpoint: .images, waiting: waiting([5: 500])))
        #expect(first.called?.count == 50)
        #expect(second.hold == .poolShare)
    }
}
