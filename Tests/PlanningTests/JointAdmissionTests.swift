import Planning
import Testing

/// A batch goes only if the pool and every limit of its endpoint can pay for it.
struct JointAdmissionTests {
    /// An endpoint with a window, a bucket and a pool.
    private let both = Endpoint.images.with(limits: [
        .slidingWindow(.barcodes), .tokenBucket(.images),
    ])

    /// - Parameters:
    ///   - window: Tokens free of 500 until 30 s and a millisecond from noon.
    ///   - bucket: Tokens in the bucket of 120 at noon.
    private func decide(
        _ endpoint: Endpoint, _ ready: [Job], window: Int, bucket: Int, pool: Int
    ) -> Decision<CallPlan> {
        let call = LedgerEntry.settled(
            1, endpoint, 500 - window, from: .noon.after(-31_000), to: .noon.after(-30_000),
            fullAt: .noon.after((120 - bucket) * 1_000))
        let ledger = Ledger([call]).with(poolLeft: pool, at: .noon)
        return Planner.decide(
            Snapshot(endpoint: endpoint, ready: ready, ledger: ledger), at: .noon)
    }

    @Test(
        "every combination of limits that can pay and cannot is decided correctly",
        arguments: [
            (500, 120, 1_000, nil, 0), (0, 120, 1_000, .slidingWindow, 30_001),
            (500, 0, 1_000, .tokenBucket, 100_000), (500, 120, 0, .dailyPool, 43_200_000),
            (0, 0, 1_000, .tokenBucket, 100_000), (0, 120, 0, .dailyPool, 43_200_000),
            (500, 0, 0, .dailyPool, 43_200_000), (0, 0, 0, .dailyPool, 43_200_000),
        ] as [(Int, Int, Int, Hold?, Int)])
    func combinations(window: Int, bucket: Int, pool: Int, hold: Hold?, wait: Int) {
        for endpoint in [both, both.with(limits: both.limits.reversed())] {
            let decision = decide(
                endpoint, jobs(100), window: window, bucket: bucket, pool: pool)
            if let hold {
                #expect(decision == .hold(hold, until: .noon.after(wait)))
            } else {
                #expect(decision.called == jobs(100))
            }
        }
    }

    @Test("if two limits cannot pay, the lane waits for the slower one")
    func longest() {
        let ready = jobs(20)
        let soonBucket = decide(both, ready, window: 0, bucket: 10, pool: 1_000)
        #expect(soonBucket == .hold(.slidingWindow, until: .noon.after(30_001)))
        let lateBucket = decide(both, jobs(50), window: 0, bucket: 10, pool: 1_000)
        #expect(lateBucket == .hold(.tokenBucket, until: .noon.after(40_000)))
    }

    @Test("the batch is as large as the tightest of them can pay for")
    func tightest() {
        for window in [0, 3, 40, 100, 500] {
            for bucket in [0, 10, 60, 100, 120] {
                for pool in [0, 1, 25, 100, 1_000] {
                    let decision = decide(
                        both, jobs(100, priority: 0), window: window, bucket: bucket, pool: pool)
                    let called = decision.called?.count ?? 0
                    #expect(called == min(window, bucket, pool, 100))
                }
            }
        }
    }

    @Test("barcodes take the full tens that both the window and the pool can pay for")
    func tens() {
        for window in stride(from: 0, through: 120, by: 5) {
            for pool in stride(from: 0, through: 120, by: 5) {
                let ledger = Ledger.barcodes(holding: window, at: .noon)
                    .with(poolLeft: pool, at: .noon)
                let snapshot = Snapshot(endpoint: .barcodes, ready: jobs(100), ledger: ledger)
                let called = Planner.decide(snapshot, at: .noon).called?.count ?? 0
                #expect(called == min(window, pool, 100) / 10 * 10)
            }
        }
    }

    @Test("a batch that the pool made smaller waits for no more of the bucket than it needs")
    func poolMakesSmaller() {
        let ledger = Ledger.images(holding: 7, at: .noon).with(poolLeft: 7, at: .noon)
        let snapshot = Snapshot(endpoint: .images, ready: jobs(100), ledger: ledger)
        #expect(Planner.decide(snapshot, at: .noon).called == jobs(7))
    }

    @Test("an endpoint without limits of its own is limited by the pool alone")
    func unlimited() {
        let free = Endpoint.images.with(limits: [])
        let ledger = Ledger().with(poolLeft: 30, at: .noon)
        let snapshot = Snapshot(endpoint: free, ready: jobs(100), ledger: ledger)
        #expect(Planner.decide(snapshot, at: .noon).called == jobs(30))
        #expect(free.tokensPerMinute == .max)
    }
}
