import Planning
import Testing

/// How many jobs go, linger or are held, for every number of them up to a full batch.
struct BatchSizeTests {
    private func decide(
        _ endpoint: Endpoint, _ ready: [Job], _ ledger: Ledger = Ledger()
    ) -> Decision<CallPlan> {
        Planner.decide(Snapshot(endpoint: endpoint, ready: ready, ledger: ledger), at: .noon)
    }

    private func expectCall(
        _ decision: Decision<CallPlan>, _ ready: ArraySlice<Job>, tokens: Int,
        _ location: SourceLocation = #_sourceLocation
    ) {
        guard case .call(let plan) = decision else {
            Issue.record("\(decision) for \(ready.count) jobs", sourceLocation: location)
            return
        }
        #expect(plan.jobs == Array(ready), sourceLocation: location)
        #expect(plan.reservedTokens == tokens, sourceLocation: location)
    }

    @Test(
        "barcodes that have just been added go in full tens, and fewer than ten linger",
        arguments: 1...130)
    func barcodesFresh(count: Int) {
        let ready = jobs(count, enqueuedAt: .noon)
        let decision = decide(.barcodes, ready)
        if count < 10 {
            #expect(decision == .hold(.lingering, until: .noon.after(2_000)))
        } else {
            let tens = min(count / 10, 10) * 10
            expectCall(decision, ready.prefix(tens), tokens: tens)
        }
    }

    @Test("after the linger barcodes go at once, and full tens first", arguments: 1...130)
    func barcodesLingered(count: Int) {
        let ready = jobs(count, enqueuedAt: .noon.after(-2_000))
        let decision = decide(.barcodes, ready)
        if count < 10 {
            expectCall(decision, ready[...], tokens: 10)
        } else {
            let tens = min(count / 10, 10) * 10
            expectCall(decision, ready.prefix(tens), tokens: tens)
        }
    }

    @Test("urgent barcodes go at once, up to a full batch", arguments: 1...130)
    func barcodesUrgent(count: Int) {
        let ready = jobs(count, priority: 0, enqueuedAt: .noon)
        let called = min(count, 100)
        expectCall(
            decide(.barcodes, ready), ready.prefix(called), tokens: (called + 9) / 10 * 10)
    }

    @Test("images go at once from a full bucket, up to a full batch", arguments: 1...130)
    func imagesFull(count: Int) {
        let ready = jobs(count, enqueuedAt: .noon)
        let called = min(count, 100)
        expectCall(decide(.images, ready), ready.prefix(called), tokens: called)
    }

    @Test("images wait until the bucket can pay for all of them, or for 100", arguments: 1...130)
    func imagesHeld(count: Int) {
        let ready = jobs(count, enqueuedAt: .noon)
        let wanted = min(count, 100)
        for held in Set([0, 1, 7, 50, 99, 100, 120, wanted - 1, wanted]) {
            let decision = decide(.images, ready, .images(holding: held, at: .noon))
            if held >= wanted {
                expectCall(decision, ready.prefix(wanted), tokens: wanted)
            } else {
                let until = Timestamp.noon.after((wanted - held) * 1_000)
                #expect(decision == .hold(.tokenBucket, until: until), "\(held) held")
            }
        }
    }

    @Test("urgent images go at once with the available tokens", arguments: 1...130)
    func imagesUrgent(count: Int) {
        let ready = jobs(count, priority: 0, enqueuedAt: .noon)
        for held in [0, 1, 7, 50, 99, 100, 120] {
            let decision = decide(.images, ready, .images(holding: held, at: .noon))
            let called = min(count, 100, held)
            if called == 0 {
                #expect(decision == .hold(.tokenBucket, until: .noon.after(1_000)))
            } else {
                expectCall(decision, ready.prefix(called), tokens: called)
            }
        }
    }

    @Test("barcodes take the full tens that fit into the window", arguments: 1...130)
    func barcodesWindow(count: Int) {
        let ready = jobs(count, enqueuedAt: .noon.after(-60_000))
        for room in stride(from: 0, through: 130, by: 5) {
            let decision = decide(.barcodes, ready, .barcodes(holding: room, at: .noon))
            let wanted = count < 10 ? count : min(count / 10, 10) * 10
            let called = min(wanted, room / 10 * 10)
            if called == 0 {
                #expect(decision == .hold(.slidingWindow, until: .noon.after(30_001)))
            } else {
                expectCall(decision, ready.prefix(called), tokens: (called + 9) / 10 * 10)
            }
        }
    }
}
